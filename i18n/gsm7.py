"""How many segments a text bills: GSM-7 or UCS-2, packed as phones pack them. Pure.

Used to hold translations to their budget; what is sent is measured by `messaging/sms_text.py`.
"""

from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("^{}\\[~]|€\f")
_LAST_SINGLE_UNIT = 0xFFFF


@dataclass(frozen=True, slots=True)
class Count:
    """Encoding, units used, segments billed, and the characters that are not GSM-7."""

    encoding: str
    units: int
    segments: int
    not_gsm7: tuple[str, ...]


def _packed(costs: list[int], single: int, part: int) -> int:
    if sum(costs) <= single:
        return 1
    parts, room = 1, part
    for cost in costs:
        if cost > room:
            parts, room = parts + 1, part
        room -= cost
    return parts


def count(text: str) -> Count:
    """How a text would be encoded and billed; a two-unit character never straddles two parts."""
    outside = tuple(sorted({c for c in text if c not in BASIC and c not in EXTENSION}))
    if outside:
        costs = [2 if ord(c) > _LAST_SINGLE_UNIT else 1 for c in text]
        return Count("UCS-2", sum(costs), _packed(costs, 70, 67), outside)
    costs = [2 if c in EXTENSION else 1 for c in text]
    return Count("GSM-7", sum(costs), _packed(costs, 160, 153), ())
