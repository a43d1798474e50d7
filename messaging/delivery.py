"""The states of a message, the moves that are allowed, and how far a provider's word reaches. Pure.

A move is made by one compare-and-swap UPDATE elsewhere; this table says which ones exist.
"""

from collections.abc import Mapping
from types import MappingProxyType

from resources_db.vocab import MessageState as S

MOVES: Mapping[S, frozenset[S]] = MappingProxyType(
    {
        # from queued straight to accepted and beyond: a report came although we thought nothing had left
        S.QUEUED: frozenset(
            {S.SENDING, S.SUPPRESSED, S.EXPIRED, S.CANCELLED, S.ACCEPTED, S.SENT, S.DELIVERED, S.UNDELIVERED, S.FAILED}
        ),
        S.SENDING: frozenset(
            {S.QUEUED, S.UNKNOWN, S.ACCEPTED, S.SENT, S.DELIVERED, S.UNDELIVERED, S.FAILED, S.SUPPRESSED}
        ),
        S.UNKNOWN: frozenset({S.QUEUED, S.ACCEPTED, S.SENT, S.DELIVERED, S.UNDELIVERED, S.FAILED, S.SUPPRESSED}),
        S.ACCEPTED: frozenset({S.SENT, S.DELIVERED, S.UNDELIVERED, S.FAILED, S.SUPPRESSED, S.EXPIRED}),
        S.SENT: frozenset({S.DELIVERED, S.UNDELIVERED, S.FAILED, S.SUPPRESSED, S.EXPIRED}),
        S.DELIVERED: frozenset(),
        S.UNDELIVERED: frozenset(),
        S.FAILED: frozenset(),
        S.SUPPRESSED: frozenset(),
        S.EXPIRED: frozenset(),
        S.CANCELLED: frozenset(),
    }
)

FINAL = frozenset(state for state, next_states in MOVES.items() if not next_states)
IN_DOUBT = frozenset({S.SENDING, S.UNKNOWN})
BAD_ENDS = frozenset({S.UNDELIVERED, S.FAILED})

RANK: Mapping[str, int] = MappingProxyType(
    {
        "accepted": 1, "scheduled": 1, "queued": 1,
        "sending": 2,
        "sent": 3,
        "delivered": 4, "read": 4, "undelivered": 4, "failed": 4, "canceled": 4,
    }
)  # fmt: skip
FINAL_RANK = 4

_STATE_OF_REPORT: Mapping[str, S] = MappingProxyType(
    {
        "accepted": S.ACCEPTED, "scheduled": S.ACCEPTED, "queued": S.ACCEPTED, "sending": S.ACCEPTED,
        "sent": S.SENT,
        "delivered": S.DELIVERED, "read": S.DELIVERED,
        "undelivered": S.UNDELIVERED,
        "failed": S.FAILED, "canceled": S.FAILED,
    }
)  # fmt: skip


def may_move(now: S, to: S) -> bool:
    """Whether this move exists."""
    return to in MOVES[now]


def state_of_report(status: str) -> S | None:
    """The state a provider's word stands for; None for a word we do not know."""
    return _STATE_OF_REPORT.get(status)


def may_come_from(status: str) -> tuple[S, ...]:
    """The states that a provider's report may move: only forward, never out of a final state."""
    to = _STATE_OF_REPORT[status]
    return tuple(state for state, next_states in MOVES.items() if to in next_states)


def lower_statuses(status: str) -> tuple[str, ...]:
    """The provider words that this one overtakes."""
    return tuple(word for word, rank in RANK.items() if rank < RANK[status])
