"""One field value: from a cell or JSON member to its plain form, to a column, and back out. Pure.

The plain form is what JSON can hold: dates and times as ISO text, ids as lower-case text.
"""

import math
import re
import uuid
from datetime import UTC, date, datetime
from email.utils import parseaddr
from typing import TypeAlias

from resources_db import vocab

Plain: TypeAlias = str | int | float | bool | list[str] | None

_URI = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/]+\S*$|(?:mailto|tel|urn):\S+$", re.IGNORECASE)
_BARE_HOST = re.compile(r"(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:[/?#]\S*)?$", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$", re.IGNORECASE)
_TIME_12 = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*([ap])\.?m\.?$", re.IGNORECASE)
_TRUE, _FALSE = frozenset({"true", "yes", "y", "1", "1.0"}), frozenset({"false", "no", "n", "0", "0.0"})
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+$")


class BadValueError(ValueError):
    """A value that does not fit its field; `code` says how."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def plain(kind: str, raw: object) -> Plain:
    """The plain form of a raw value, None when the source said nothing; raises BadValueError."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if kind == "list":
        return _list(raw)
    if not isinstance(raw, str | int | float):
        raise BadValueError("bad_type")
    if kind == "bool":
        return _bool(raw)
    if kind in ("number", "int"):
        return _number(raw, whole=kind == "int")
    return _typed(kind, _as_text(raw))


def _typed(kind: str, text: str) -> Plain:
    if kind.startswith("word:"):
        return _word(kind.removeprefix("word:"), text)
    if kind.startswith("code:"):
        return _code(kind.removeprefix("code:"), text)
    reader = {"date": _date, "datetime": _datetime, "time": clock, "uri": _uri, "email": _email}.get(kind)
    return reader(text) if reader else text


def _as_text(raw: str | float) -> str:
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    return str(raw).strip()


def _list(raw: object) -> list[str] | None:
    items = raw if isinstance(raw, list) else str(raw).split(";")
    return [text for item in items if (text := str(item).strip())] or None


def _bool(raw: str | float) -> bool:
    word = str(raw).strip().casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise BadValueError("bad_yes_no")


def _number(raw: str | float, *, whole: bool) -> float | int:
    try:
        number = float(raw)
    except ValueError:
        raise BadValueError("bad_number") from None
    if not math.isfinite(number) or isinstance(raw, bool) or (whole and not number.is_integer()):
        raise BadValueError("bad_number")
    return int(number) if number.is_integer() else number


def _word(name: str, text: str) -> str:
    words = [str(member) for member in getattr(vocab, name)]
    wanted = text.casefold()
    if wanted in words:
        return wanted
    raise BadValueError("bad_word")


def _code(codes: str, text: str) -> str:
    """One of the codes of the standard, in capitals."""
    if text.upper() in codes.split("|"):
        return text.upper()
    raise BadValueError("bad_word")


def _date(text: str) -> str:
    for pattern in ("%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y"):
        try:
            return datetime.strptime(text[:10], pattern).replace(tzinfo=UTC).date().isoformat()
        except ValueError:
            continue
    raise BadValueError("bad_date")


def _datetime(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
        return show_datetime(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise BadValueError("bad_date_time") from None


def show_datetime(moment: datetime) -> str:
    """`2023-03-15T10:30:45.123Z`, with no more digits than the moment has."""
    spec = "seconds" if not moment.microsecond else "milliseconds" if moment.microsecond % 1000 == 0 else "microseconds"
    return moment.astimezone(UTC).isoformat(timespec=spec).replace("+00:00", "Z")


def clock(text: str) -> str:
    """`09:00` from the spellings of exports; an offset is kept apart (see offset_of). Raises BadValueError."""
    found = _TIME.match(text.strip())
    if found:
        hour, minute = int(found[1]), int(found[2])
    else:
        found = _TIME_12.match(text.strip())
        if not found or not 1 <= int(found[1]) <= 12:
            raise BadValueError("bad_time")
        hour = int(found[1]) % 12 + (12 if found[3].lower() == "p" else 0)
        minute = int(found[2] or 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise BadValueError("bad_time")
    return f"{hour % 24:02}:{minute:02}"


def offset_of(text: str) -> float | None:
    """Hours from UTC written behind a time, if any."""
    found = _TIME.match(text.strip())
    if not found or not found[4]:
        return None
    if found[4].upper() == "Z":
        return 0.0
    sign = -1 if found[4][0] == "-" else 1
    digits = found[4][1:].replace(":", "")
    return sign * (int(digits[:2]) + int(digits[2:]) / 60)


def _uri(text: str) -> str:
    mended = text.replace(":/www", "://www", 1) if ":/www" in text and "://" not in text else text
    if _URI.match(mended):
        return mended
    if _BARE_HOST.match(mended):
        return f"https://{mended}"
    raise BadValueError("bad_web_address")


def _email(text: str) -> str:
    address = parseaddr(text)[1]
    if _EMAIL.match(address):
        return address
    raise BadValueError("bad_email")


def to_column(kind: str, value: Plain) -> object:
    """What SQLAlchemy stores for a plain value (None stays None: the caller knows the empty value)."""
    if value is None or not isinstance(value, str):
        return value
    if kind == "date":
        return date.fromisoformat(value)
    if kind == "datetime":
        return datetime.fromisoformat(value)
    if kind in ("id", "link") or kind.startswith("ref:"):
        return uuid.UUID(value)
    if kind.startswith("word:"):
        return getattr(vocab, kind.removeprefix("word:"))(value)
    return value


def from_column(value: object) -> Plain:
    """The plain form of a stored value; empty texts, lists and None say nothing."""
    if value is None or value in ("", []):
        return None
    if isinstance(value, datetime):
        return show_datetime(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, list):
        return [str(item) for item in value]
    raise TypeError(type(value).__name__)
