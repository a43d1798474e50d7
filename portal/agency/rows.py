"""Open referrals as rows with their short answers: on the weekly list and in the inbox of an agency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from i18n import formatting
from i18n.catalog import lazy_gettext as lazy
from portal import need_words
from portal.agency import page, words
from referrals.agency_choices import Choice, choices
from resources_db.vocab import ReferralState

if TYPE_CHECKING:
    from datetime import datetime

    from i18n.lazy import LazyText
    from referrals.agency_list import Line as Found

SHORT: Final[dict[Choice, tuple[str, str, LazyText]]] = {
    Choice.YES: ("ring-three", "", lazy("Yes")),
    Choice.WAITLIST: ("ring-bars", "warn", lazy("Waitlist")),
    Choice.NO: ("ring-bar", "stop", lazy("No")),
    Choice.HELPED: ("ring-check", "good", lazy("Helped")),
    Choice.COULD_NOT_REACH: ("ring-broken", "calm", lazy("Could not reach")),
}
"""The five answers in a word each; all others stand on the page of the referral."""


@dataclass(frozen=True, slots=True)
class Line:
    """One open referral. Name, phone, need and note are empty where nothing of the person is shown."""

    id: str
    ref: str
    seen: str
    key: str
    state: ReferralState
    next_on: str
    care_team: str
    service: str
    sent: str
    late: bool
    answers: tuple[tuple[str, str, str, str], ...]
    hidden: bool = False
    name: str = ""
    phone: str = ""
    need: str = ""
    note: str = ""
    protected: bool = False


def line(found: Found, *, care_team: str, zone: str, now: datetime, named: bool = False, hidden: bool = False) -> Line:
    """One row; with `named` the shared facts of the person stand in it."""
    referral = found.referral
    person = found.person if named and not hidden else None
    return Line(
        id=str(referral.id),
        ref=referral.ref,
        seen=f"{referral.id}.{referral.version}",
        key=page.new_key(),
        state=referral.state,
        next_on=formatting.day(referral.next_on) if referral.next_on else "",
        care_team=care_team,
        service="" if hidden else found.service,
        sent=words.day_of(referral.sent_at, zone),
        late=referral.due_at is not None and referral.due_at < now,
        answers=() if hidden else _answers(referral.state),
        hidden=hidden,
        name=(person.first_name or "") if person else "",
        phone=(person.phone or "") if person else "",
        need=need_words.need(found.subneed) if person else "",
        note=referral.note_for_agency if person else "",
        protected=person is not None and found.protected,
    )


def _answers(state: ReferralState) -> tuple[tuple[str, str, str, str], ...]:
    possible = choices(state)
    return tuple(
        (choice.value, drawing, family, str(label))
        for choice, (drawing, family, label) in SHORT.items()
        if choice in possible
    )
