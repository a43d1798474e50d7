"""Pseudo-translations made in memory: they show untranslated, clipped or unmirrored text on a page.

Accents (`eo`) or Hebrew letters (`yi`), about a third longer, in brackets; placeholders and tags stay.
"""

import re
from gettext import NullTranslations

KEEP = re.compile(r"(%\(\w+\)[sd]|%%|\{\w*\}|<[^>]+>|&\w+;)")
ACCENTS = str.maketrans("aeiouAEIOUcnyszl", "åéîöüÅÉÎÖÜçñýšžł")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_HEBREW = "אבגדהוזחטיכלמנסעפצקרשתאבגד"
RTL = str.maketrans(_LETTERS + _LETTERS.upper(), _HEBREW + _HEBREW)


def pseudo(text: str, *, rtl: bool = False) -> str:
    """The pseudo-translation of one text."""
    table = RTL if rtl else ACCENTS
    parts = (part if KEEP.fullmatch(part) else part.translate(table) for part in KEEP.split(text))
    return "⟦" + "".join(parts) + "~" * max(1, len(text) * 35 // 100) + "⟧"


class PseudoTranslations(NullTranslations):
    """A catalog that answers every message with its pseudo-translation."""

    def __init__(self, *, rtl: bool) -> None:
        """Remember the direction of writing."""
        super().__init__()
        self._rtl = rtl

    def gettext(self, message: str) -> str:
        """Bracket one message."""
        return pseudo(message, rtl=self._rtl)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Bracket the form for a number, with the plural rule of English."""
        return pseudo(msgid1 if n == 1 else msgid2, rtl=self._rtl)

    def pgettext(self, context: str, message: str) -> str:
        """Bracket a message; the context is not shown."""
        del context
        return pseudo(message, rtl=self._rtl)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        """Bracket the form for a number; the context is not shown."""
        del context
        return self.ngettext(msgid1, msgid2, n)
