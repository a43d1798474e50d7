"""Names of languages as directories write them -> codes. "Creole translator provided" is Haitian Creole."""

import re
import unicodedata
from functools import cache

from babel import Locale

_CODES = """
en es fr ht pt vi ar zh ru ko tl fil so ne my sw am ti om fa ps ur hi pa bn gu te ta ml uk pl de it ja hmn km lo th
"""
_USED = tuple(_CODES.split())
_ALSO = {
    "espanol": "es", "mandarin": "zh", "cantonese": "yue", "creole": "ht", "haitian": "ht", "kreyol": "ht",
    "farsi": "fa", "dari": "prs", "tagalog": "tl", "american sign": "ase", "asl": "ase", "sign language": "ase",
    "burmese": "my", "french creole": "ht", "oromo": "om", "hmong": "hmn", "pashto": "ps", "kinyarwanda": "rw",
}  # fmt: skip


def language_code(text: str) -> str:
    """The code of the first language named in a text; empty when none is."""
    folded = _fold(text)
    if folded in _USED:
        return folded
    found = [(at, -len(name), code) for name, code in _names().items() if (at := _at(name, folded)) >= 0]
    return min(found)[2] if found else ""


def _at(name: str, text: str) -> int:
    found = re.search(rf"\b{re.escape(name)}\b", text)
    return found.start() if found else -1


@cache
def _names() -> dict[str, str]:
    english = Locale("en").languages
    return {_fold(english[code]): code for code in _USED if code in english} | _ALSO


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).strip()
