"""What each provider code means and what we do about it. Pure; the codes are the provider's, the answers are ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, unique
from types import MappingProxyType


class MessagingError(Exception):
    """The root of this package's errors; each carries a code, not a sentence."""


@unique
class Do(StrEnum):
    """The answers to a fault."""

    FAIL = "fail"
    SUPPRESS = "suppress"
    PAUSE = "pause"
    REQUEUE = "requeue"
    NEXT_MORNING = "next_morning"
    AGAIN = "again"
    """A new row later, because this one may have left the provider."""
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: `after` and `tries` are for another try, `flag` marks the number, `alarm` tells the admin."""

    do: Do
    meaning: str
    flag: bool = False
    alarm: bool = False
    after: timedelta = timedelta(0)
    tries: int = 0


_INVALID = Rule(Do.FAIL, "invalid_number", flag=True)
_LANDLINE = Rule(Do.FAIL, "not_mobile", flag=True)
_ROUTE = Rule(Do.FAIL, "not_routable", alarm=True)
_SENDER = Rule(Do.PAUSE, "bad_sender", alarm=True)
_ACCOUNT = Rule(Do.PAUSE, "account", alarm=True)
_FULL = Rule(Do.REQUEUE, "queue_full", after=timedelta(minutes=15))
_FILTERED = Rule(Do.FAIL, "filtered", alarm=True)

UNKNOWN_CODE = Rule(Do.FAIL, "unknown_code", alarm=True)

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "21211": _INVALID,
        "21614": _LANDLINE,
        "21635": _LANDLINE,
        "30006": _LANDLINE,
        "21610": Rule(Do.SUPPRESS, "opted_out"),
        "21612": _ROUTE,
        "21408": _ROUTE,
        "21617": Rule(Do.FAIL, "too_long", alarm=True),
        "21606": _SENDER,
        "21659": _SENDER,
        "21660": _SENDER,
        "20003": Rule(Do.PAUSE, "credentials", alarm=True),
        "30034": _ACCOUNT,
        "30002": _ACCOUNT,
        "30032": _ACCOUNT,
        "20429": Rule(Do.REQUEUE, "too_many", after=timedelta(seconds=30)),
        "21611": _FULL,
        "30001": _FULL,
        "30022": _FULL,
        "30023": Rule(Do.NEXT_MORNING, "daily_cap", alarm=True),
        "30003": Rule(Do.AGAIN, "unreachable", flag=True, after=timedelta(hours=3), tries=2),
        "30005": Rule(Do.FAIL, "unknown_destination", flag=True),
        "30004": _FILTERED,
        "30007": _FILTERED,
        "30008": Rule(Do.AGAIN, "carrier_unknown", after=timedelta(hours=1), tries=1),
        "30036": Rule(Do.EXPIRE, "too_old"),
    }
)


def rule_of(code: str) -> Rule:
    """What to do about a code; an unknown one is permanent, shown to staff and counted."""
    return RULES.get(code, UNKNOWN_CODE)
