"""Cleans text cells: spaces, control marks, known broken letters, markup. Pure. Whatever is changed can be told."""

import html
import re
import unicodedata

import nh3

_CONTROL = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_MARKUP = re.compile(
    r"<(?:/?[a-z][a-z0-9]*\b[^<>]*|!--.*?--)>|&(?:#\d{1,6}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE
)
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li|/h\d|/tr)\b[^<>]*>", re.IGNORECASE)
_ITEM = re.compile(r"<\s*li\b[^<>]*>", re.IGNORECASE)
# UTF-8 once read as a one-byte code page, as seen in real exports. Only these pairs are mended.
_BROKEN = (
    ("GÇô", "–"), ("GÇÖ", "’"), ("GÇ£", "“"), ("GÇ¥", "”"), ("+¦", "ñ"), ("ÔÇô", "–"), ("ÔÇÖ", "’"),
    ("â€“", "–"), ("â€”", "—"), ("â€™", "’"), ("â€œ", "“"), ("â€\u009d", "”"), ("Ã¡", "á"), ("Ã©", "é"),
    ("Ã­", "í"), ("Ã³", "ó"), ("Ãº", "ú"), ("Ã±", "ñ"), ("Ã¼", "ü"), ("Â ", " "),
)  # fmt: skip
_NOTHING = frozenset(
    {
        "n/a",
        "none",
        "null",
        "nan",
        "nnnn",
        "na",
        "-",
        "--",
        "---",
        "tbd",
        "unknown",
        "not applicable",
        "not available",
        "?",
    }
)


class UnstorableTextError(ValueError):
    """A lone surrogate or NUL: neither database should see it."""


def clean(text: str) -> str:
    """Trimmed NFC text without control and direction marks; raises UnstorableTextError."""
    if "\0" in text or any(0xD800 <= ord(letter) <= 0xDFFF for letter in text):
        raise UnstorableTextError
    for wrong, right in _BROKEN:
        if wrong in text:
            text = text.replace(wrong, right)
    plain = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " "))
    return unicodedata.normalize("NFC", plain).strip()


def has_markup(text: str) -> bool:
    return bool(_MARKUP.search(text))


def without_markup(text: str) -> str:
    """HTML as plain text with its paragraphs; entities become letters, twice-escaped ones too."""
    broken = _ITEM.sub("\n- ", _BREAK.sub("\n", html.unescape(text) if "&lt;" in text else text))
    plain = html.unescape(html.unescape(nh3.clean(broken, tags=set())))
    lines = [" ".join(line.split()) for line in plain.replace("\u00a0", " ").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def is_nothing(text: str) -> bool:
    """A word that people type into a cell to say that there is nothing."""
    return text.strip().rstrip(".").casefold() in _NOTHING


def broken_in(text: str) -> str:
    """The first pair of broken letters with what stands around it; empty when there is none."""
    if text.isascii():
        return ""
    places = [at for wrong, _right in _BROKEN if (at := text.find(wrong)) >= 0]
    return text[max(0, min(places) - 12) : min(places) + 16].strip() if places else ""
