"""One visit as an iCalendar file (RFC 5545), with the rules of its time zone written out. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_LINE = 75
"""Octets of a line without its end (RFC 5545, 3.1)."""
LASTS = "PT1H"
AROUND = timedelta(days=400)
"""So far round the visit the changes of clocks are told: at least one before it and one after it."""
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True, slots=True)
class Visit:
    """What the file says. `starts` is a moment, or a day when no clock time is known; `zone` an IANA name."""

    uid: str
    starts: datetime | date
    zone: str
    summary: str
    description: str
    location: str
    language: str
    sequence: int
    now: datetime


def file_of(visit: Visit) -> bytes:
    """The calendar with this one event, lines ended by CRLF and folded, in UTF-8."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Handrail//Visits//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        *(_timezone(visit.zone, visit.starts) if isinstance(visit.starts, datetime) else ()),
        "BEGIN:VEVENT",
        f"UID:{visit.uid}",
        f"DTSTAMP:{_utc(visit.now)}",
        *_start(visit),
        f"SEQUENCE:{visit.sequence}",
        "STATUS:CONFIRMED",
        "CLASS:PRIVATE",
        f"SUMMARY;LANGUAGE={visit.language}:{_text(visit.summary)}",
        *([f"LOCATION:{_text(visit.location)}"] if visit.location else ()),
        f"DESCRIPTION;LANGUAGE={visit.language}:{_text(visit.description)}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _start(visit: Visit) -> list[str]:
    if not isinstance(visit.starts, datetime):
        return [f"DTSTART;VALUE=DATE:{visit.starts:%Y%m%d}"]
    local = visit.starts.astimezone(ZoneInfo(visit.zone))
    return [f"DTSTART;TZID={visit.zone}:{local:%Y%m%dT%H%M%S}", f"DURATION:{LASTS}"]


def _timezone(zone: str, moment: datetime) -> Iterator[str]:
    """The zone as it is around the visit: each change of clocks with what it was before and is after it."""
    place = ZoneInfo(zone)
    yield from ("BEGIN:VTIMEZONE", f"TZID:{zone}")
    changes = list(_changes(place, moment))
    if not changes:
        yield from _part(datetime(1970, 1, 1, tzinfo=UTC), moment.astimezone(place), moment.astimezone(place))
    for at in changes:
        yield from _part(at, (at - timedelta(seconds=1)).astimezone(place), at.astimezone(place))
    yield "END:VTIMEZONE"


def _part(at: datetime, before: datetime, after: datetime) -> Iterator[str]:
    kind = "DAYLIGHT" if after.dst() else "STANDARD"
    offset_before, offset_after = before.utcoffset(), after.utcoffset()
    assert offset_before is not None
    assert offset_after is not None
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{at.astimezone(UTC).replace(tzinfo=None) + offset_before:%Y%m%dT%H%M%S}"
    yield f"TZOFFSETFROM:{_offset(offset_before)}"
    yield f"TZOFFSETTO:{_offset(offset_after)}"
    yield f"TZNAME:{after.tzname()}"
    yield f"END:{kind}"


def _changes(place: ZoneInfo, moment: datetime) -> Iterator[datetime]:
    """The moments at which clocks change, to the second."""
    day = (moment - AROUND).astimezone(UTC)
    while day < moment + AROUND:
        following = day + timedelta(days=1)
        if day.astimezone(place).utcoffset() != following.astimezone(place).utcoffset():
            yield _change_between(place, day, following)
        day = following


def _change_between(place: ZoneInfo, early: datetime, late: datetime) -> datetime:
    offset = early.astimezone(place).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(place).utcoffset() == offset:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    sign, minutes = ("-", -minutes) if minutes < 0 else ("+", minutes)
    return f"{sign}{minutes // 60:02}{minutes % 60:02}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    return words.replace("\r\n", "\n").translate(ESCAPED)


def _folded(line: str) -> bytes:
    """The line in pieces of at most 75 octets, each further one begun by a space; no letter is torn apart."""
    pieces, piece, room = [], b"", LONGEST_LINE
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > room:
            pieces.append(piece)
            piece, room = b"", LONGEST_LINE - 1
        piece += octets
    return b"\r\n ".join([*pieces, piece]) + b"\r\n"
