"""Which passwords are taken: long ones that are not on a list of common ones and not made of context words.

No composition rules and no forced change (NIST 800-63B-4); a password is used as typed, only normalised to NFKD.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask_security import PasswordUtil

from i18n.catalog import gettext as _
from portal import db

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST: Final = 15
LONGEST: Final = 1024
SHIPPED: Final = Path(__file__).with_name("refused_passwords.txt")
PRODUCT_WORDS: Final = ("handrail",)
SHORTEST_WORD: Final = 4
DISTINCT: Final = 5


class Passwords(PasswordUtil):
    """Flask-Security's door to our rules."""

    def validate(
        self,
        password: str,
        is_register: bool,  # noqa: ARG002 - the signature is Flask-Security's
        **facts: object,
    ) -> tuple[list[str] | None, str]:
        """What is wrong with a new password, and the password as it will be kept."""
        normal: str = self.normalize(password)
        user = facts.get("user")
        words = (str(getattr(user, "name", "")), str(getattr(user, "email", "")).split("@")[0])
        return problems(normal, words) or None, normal


def problems(password: str, own_words: Iterable[str] = ()) -> list[str]:
    """Why a password cannot be taken; empty when it can."""
    if len(password) < SHORTEST:
        return [_("Use at least %(length)s characters. Several words in a row are fine.", length=SHORTEST)]
    if len(password) > LONGEST:
        return [_("Use at most %(length)s characters.", length=LONGEST)]
    folded = password.casefold()
    if folded in _refused() or len(set(folded)) < DISTINCT:
        return [_("Many people use this password, so it is easy to guess. Choose another one.")]
    if _is_mostly(folded, [*PRODUCT_WORDS, *own_words]):
        return [_("This is made of your name or ours, so it is easy to guess. Choose another one.")]
    return []


def _is_mostly(folded: str, words: Iterable[str]) -> bool:
    """Whether little is left of the password once known words, forwards and backwards, are taken out."""
    left = folded
    for word in (part.casefold() for phrase in words for part in phrase.split()):
        if len(word) >= SHORTEST_WORD:
            left = left.replace(word, "").replace(word[::-1], "")
    return left != folded and len(left) < SHORTEST_WORD * 2


def _refused() -> frozenset[str]:
    return _listed(SHIPPED) | _listed(db.runtime().settings.password_list)


@lru_cache(maxsize=4)
def _listed(path: Path | None) -> frozenset[str]:
    if path is None:
        return frozenset()
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return frozenset(line.strip().casefold() for line in lines if line.strip())
