"""What the provider does by itself with STOP, START and HELP when its Advanced Opt-Out is on. Simulator only.

Its words are the provider's to choose; ours are in messaging/opt_out_words.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.sms.phone_store import PhoneStore

KINDS = {
    "STOP": ("stop", "stopall", "unsubscribe", "cancel", "end", "quit"),
    "START": ("start", "unstop"),
    "HELP": ("help", "info"),
}
ANSWERS = {
    "STOP": "(Phone company) No more texts come from this number. START brings them back.",
    "START": "(Phone company) Texts come again. STOP ends them.",
    "HELP": "(Phone company) STOP ends texts from this number.",
}


def kind_of(body: str) -> str:
    """STOP, START or HELP; empty for everything else."""
    said = body.strip().casefold()
    return next((kind for kind, words in KINDS.items() if said in words), "")


def note(store: PhoneStore, number: str, kind: str) -> None:
    """Remember who said STOP."""
    if kind in {"STOP", "START"}:
        store.set_switch(f"stopped:{number}", "1" if kind == "STOP" else "")


def has_stopped(store: PhoneStore, number: str) -> bool:
    """Whether the provider refuses texts to this number (code 21610)."""
    return bool(store.switch(f"stopped:{number}"))
