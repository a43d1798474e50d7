"""The needs of a record in words: the clock that explains itself, the chain of tries, who found what, the history."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from portal import need_words
from portal.caseload import presenters, timeline
from portal.parts import NeedRow
from referrals import need_changes, needs
from resources_db.vocab import HelpWanted, NeedSource, NeedStatus, Priority

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from i18n.lazy import LazyText
    from referrals.need_changes import Change
    from referrals.record import Attempt, NeedFacts
    from resources_db.models.people import Need

LONG_DAYS = 30
FOUND_BY = {
    NeedSource.SCREENING: lazy("Found %(date)s by a screening."),
    NeedSource.TALK: lazy("Found %(date)s in a talk."),
    NeedSource.PATIENT: lazy("Told us by the patient on %(date)s."),
    NeedSource.EHR: lazy("From the health record, %(date)s."),
    NeedSource.IMPORT: lazy("Imported %(date)s."),
}
METHODS = {
    "talk": lazy("in a talk"),
    "visit": lazy("on a visit"),
    "document": lazy("from a document"),
}
BECAME = {
    NeedStatus.MET: lazy("Need met"),
    NeedStatus.UNMET_CLOSED: lazy("Closed, not met"),
    NeedStatus.NOT_WANTED: lazy("Help not wanted"),
    NeedStatus.UNKNOWN: lazy("Nobody knows if it is met"),
    NeedStatus.IN_WORK: lazy("In work"),
    NeedStatus.OPEN: lazy("Open"),
}
SAID: dict[str, LazyText] = {
    need_changes.REOPENED: lazy("Opened again"),
    need_changes.URGENCY: lazy("How soon was changed"),
    need_changes.DATE: lazy("The date was changed"),
    need_changes.DETAILS: lazy("The details were changed"),
}
SIDES = {"link": lazy("the patient"), "webhook": lazy("the patient"), "clock": lazy("the clock")}


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt of the chain under a need."""

    number: int
    place: str
    href: str
    state: str
    new_request: bool


@dataclass(frozen=True, slots=True)
class NeedCard:
    """A need with everything its place on the record says."""

    row: NeedRow
    id: uuid.UUID
    open: bool
    urgent: bool
    at_risk: str
    details: str
    chain: tuple[Try, ...]
    clock: str
    found: str
    history: tuple[str, ...]


def need_card(facts: NeedFacts, zone: str) -> NeedCard:
    """A need as the page leads with it: days without help, status, how it was found, and what was tried."""
    need = facts.need
    settled = need.status not in needs.OPEN
    newest = facts.attempts[0] if facts.attempts else None
    day = _day(need.identified_at, zone)
    wish = "" if settled else _wish(need)
    row = NeedRow(
        name=need_words.need(facts.subneed),
        state=need.status.value,
        days=None if settled else facts.days,
        long=bool(facts.days and facts.days > LONG_DAYS and not settled),
        more=_day(need.met_at, zone) if need.status is NeedStatus.MET and need.met_at else "",
        about=f"{FOUND_BY[need.source] % {'date': day}} {wish}".strip(),
        status=timeline.state_shown(newest) if newest and not settled else "",
        href="" if settled else presenters.search_for(need.patient_id, facts.subneed),
        action=_("Find more help") if facts.attempts else _("Find help"),
    )
    found = next((one for one in reversed(facts.history) if one.care_team_found), None)
    return NeedCard(
        row=row,
        id=need.id,
        open=not settled,
        urgent=need.urgency is Priority.URGENT and not settled,
        at_risk=formatting.date(need.date_at_risk) if need.date_at_risk and not settled else "",
        details=needs.details_of(need),
        chain=_chain(facts.attempts),
        clock=_clock(facts, zone),
        found=_found(found, zone) if found is not None and found.after is need.status else "",
        history=tuple(_change(one, zone) for one in facts.history),
    )


def _wish(need: Need) -> str:
    if need.help_wanted is HelpWanted.UNKNOWN:
        return _("Nobody has asked yet if help is wanted.")
    return _("Help is wanted.")


def _chain(attempts: Sequence[Attempt]) -> tuple[Try, ...]:
    """Oldest first, as it happened; a new request for the same need begins where the last one was closed."""
    tries: list[Try] = []
    request: uuid.UUID | None = None
    for number, one in enumerate(reversed(attempts), start=1):
        tries.append(
            Try(
                number=number,
                place=one.place or _("A place that left the directory"),
                href=url_for("caseload.referral", referral_id=one.referral.id),
                state=timeline.state_shown(one),
                new_request=request is not None and one.referral.request_id != request,
            )
        )
        request = one.referral.request_id
    return tuple(tries)


def _clock(facts: NeedFacts, zone: str) -> str:
    """Why the number of days is what it is."""
    need = facts.need
    start = _day(need.identified_at, zone)
    if need.help_wanted is HelpWanted.UNKNOWN:
        return _("Days are not counted until somebody asks if help is wanted.")
    if facts.days is None:
        return _("Days are not counted: help is not wanted.")
    if need.met_at is not None:
        return _(
            "Counted from %(start)s, when it was found, to %(end)s, when it was met: %(days)s.",
            start=start,
            end=_day(need.met_at, zone),
            days=presenters.days(facts.days),
        )
    if need.closed_at is not None:
        return _(
            "Counted from %(start)s, when it was found, to %(end)s, when it was closed: %(days)s.",
            start=start,
            end=_day(need.closed_at, zone),
            days=presenters.days(facts.days),
        )
    return _("Counted from %(start)s, when it was found. An answer of an agency does not stop it.", start=start)


def _found(change: Change, zone: str) -> str:
    return _(
        "Care team found: %(what)s, %(how)s. %(name)s, %(date)s",
        what=str(BECAME[change.after]),
        how=str(METHODS[change.method]),
        name=change.by,
        date=_day(change.at, zone),
    )


def _change(change: Change, zone: str) -> str:
    who = change.by or str(SIDES.get(change.side, ""))
    return ", ".join(part for part in (_day(change.at, zone), _what(change), who) if part)


def _what(change: Change) -> str:
    if change.method.startswith(needs.WISH_WAS):
        return _("The wish for help was changed")
    if change.before is None:
        return _("Written down")
    if change.method in SAID:
        return str(SAID[change.method])
    how = METHODS.get(change.method)
    became = str(BECAME[change.after])
    return f"{became} ({how})" if how else became


def _day(moment: dt.datetime, zone: str) -> str:
    return formatting.short_date(formatting.local(moment, zone).date())
