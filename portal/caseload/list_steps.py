"""What a referral's rail tells of the team's own work: items that left the list by themselves, joins, going on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import gettext as _
from portal.caseload import send_words, why_words
from portal.caseload.why_facts import Said
from portal.parts import Step
from referrals import drafts, joining
from referrals.duplicates import GoOn

if TYPE_CHECKING:
    import datetime as dt

    from referrals.record import Attempt
    from resources_db.models.referrals import ReferralEvent, WorklistItem


def settled(item: WorklistItem, attempt: Attempt, patient: str, zone: str) -> Step:
    """An item that a new fact took off the list."""
    assert item.done_at is not None
    said = Said(item.why, item.facts, item.words, patient, attempt.subneed)
    reason = why_words.words(said, now=item.done_at, zone=zone).because
    return _step(_("Off the list by itself: %(reason)s", reason=reason), "check", item.done_at, zone)


def noted(event: ReferralEvent, attempt: Attempt, zone: str) -> Step | None:
    """A colleague joined, or somebody sent although they were warned; None for any other note."""
    who = attempt.actors.get(event.actor_id, "") if event.actor_id else ""
    if joining.JOINED in event.facts:
        return _step(_("%(name)s joined", name=who), "people", event.occurred_at, zone)
    why = event.facts.get(drafts.GO_ON)
    if isinstance(why, str) and why in set(GoOn):
        words = send_words.GOES_ON[GoOn(why)]
        title = _("%(name)s was warned of a double and went on", name=who)
        return _step(title, "info", event.occurred_at, zone, by=str(words))
    return None


def _step(title: str, drawing: str, at: dt.datetime, zone: str, by: str = "") -> Step:
    when = formatting.date_time(at, zone)
    return Step("", title=title, when=when, at=at.isoformat(), by=by, drawing=drawing, family="calm")
