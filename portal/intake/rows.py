"""Requests from the public in the words of staff: who, what, language, waiting since, and what was agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from i18n import formatting, locales
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from i18n.catalog import ngettext
from portal import need_words
from referrals import intake, people
from referrals.take_up import Alike
from resources_db import needs
from resources_db.vocab import IntakeState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from i18n.lazy import LazyText
    from referrals.intake import Request
    from referrals.take_up import Match
    from resources_db.repositories.listing import Listing

SHORT = 140
ALIKE: dict[Alike, LazyText] = {
    Alike.BOTH: lazy("same phone and name"),
    Alike.PHONE: lazy("same phone"),
    Alike.NAME: lazy("same name"),
}
STATES: dict[IntakeState, LazyText] = {
    IntakeState.TAKEN: lazy("Taken up"),
    IntakeState.ANSWERED: lazy("Answered no"),
    IntakeState.DUPLICATE: lazy("Duplicate"),
    IntakeState.NOT_REAL: lazy("Not real"),
}
WHY_NO: dict[str, LazyText] = {
    "not_our_area": lazy("not our area"),
    "not_offered": lazy("we do not help with this"),
    "could_not_reach": lazy("could not reach the person"),
    "no_longer_wanted": lazy("the person does not want it any more"),
    "other": lazy("another reason"),
}
AGREED: dict[str, LazyText] = {
    "keep": lazy("To be contacted"),
    "text": lazy("To be texted"),
    "share": lazy("To share with places that can help"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row of the queue."""

    href: str
    who: str
    words: str
    lang: str
    tagline: str
    since: str
    late: bool
    danger: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """One row of what was decided."""

    who: str
    state: str
    when: str
    href: str
    back_url: str


@dataclass(frozen=True, slots=True)
class Page:
    """One request with everything that can be done."""

    id: uuid.UUID
    name: str
    words: str
    lang: str
    facts: tuple[tuple[str, str], ...]
    phone: str
    since: str
    danger: bool
    open: bool
    state: str
    patient_href: str
    place: str
    place_href: str
    agreed: tuple[tuple[str, str], ...]
    matches: tuple[tuple[str, str, str], ...]
    again: str
    subneeds: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    subneed: str
    reasons: tuple[tuple[str, str], ...]


def waiting(one: Request, places: Mapping[uuid.UUID, Listing], now: datetime, zone: str) -> Waiting:
    """A row of the queue; it is late when the day the page promised has passed."""
    place = places.get(one.service_id) if one.service_id else None
    need = need_words.need(one.subneed) if one.subneed else ""
    asked = _("Asks about %(place)s", place=place.name) if place else ""
    tagline = (formatting.language_name(one.language), _("ZIP %(zip)s", zip=one.zip), need, asked)
    return Waiting(
        href=url_for("intake.read", request_id=one.id),
        who=one.name,
        words=one.words if len(one.words) <= SHORT else f"{one.words[:SHORT].rstrip()} …",
        lang=locales.get(one.language).tag,
        tagline=" · ".join(word for word in tagline if word),
        since=_since(one, now, zone),
        late=intake.call_by(one.at, zone) < now,
        danger=bool(one.danger),
    )


def decided(one: Request, zone: str) -> Decided:
    """A row of what was decided; a no can be put back, a patient stays one."""
    state = str(STATES[one.state])
    why = str(WHY_NO[one.decided_why]) if one.decided_why in WHY_NO else ""
    return Decided(
        who=one.name,
        state=_("%(state)s: %(reason)s", state=state, reason=why) if why else state,
        when=formatting.date_time(one.decided_at, zone) if one.decided_at else "",
        href=url_for("caseload.record", patient_id=one.patient_id) if one.patient_id else "",
        back_url="" if one.patient_id else url_for("intake.put_back", request_id=one.id),
    )


def page(one: Request, alike: Sequence[Match], place: Listing | None, again: int, now: datetime, zone: str) -> Page:
    """The page of one request."""
    facts = (
        (_("Language"), formatting.language_name(one.language)),
        (_("ZIP"), one.zip),
        (_("Other way, or when to call"), one.reach),
    )
    return Page(
        id=one.id,
        name=one.name,
        words=one.words,
        lang=locales.get(one.language).tag,
        facts=facts,
        phone=one.phone,
        since=_since(one, now, zone),
        danger=bool(one.danger),
        open=one.state is IntakeState.NEW,
        state=str(STATES.get(one.state, "")),
        patient_href=url_for("caseload.record", patient_id=one.patient_id) if one.patient_id else "",
        place=place.name if place else "",
        place_href=url_for("directory.listing", key=str(place.key)) if place else "",
        agreed=tuple((str(AGREED[name]), words) for name, words in one.agreed.items() if name in AGREED),
        matches=tuple(_match(found) for found in alike),
        again=_again(again),
        subneeds=_subneeds(),
        subneed=one.subneed or (place.needs[0] if place and place.needs else ""),
        reasons=tuple((code, str(words)) for code, words in WHY_NO.items()),
    )


def _match(found: Match) -> tuple[str, str, str]:
    patient = found.patient
    ends = _("phone ends in %(digits)s", digits=patient.phone[-4:]) if patient.phone else ""
    more = (str(ALIKE[found.alike]), formatting.language_name(patient.language), ends)
    return str(patient.id), people.full_name(patient), " · ".join(word for word in more if word)


def _again(count: int) -> str:
    if not count:
        return ""
    return ngettext("%(num)s more request from this phone waits.", "%(num)s more requests from this phone wait.", count)


def _subneeds() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    return tuple(
        (need_words.domain(domain), tuple((one.id, need_words.need(one.id)) for one in needs.in_domain(domain)))
        for domain in needs.DOMAINS
    )


def _since(one: Request, now: datetime, zone: str) -> str:
    hours = int((now - one.at).total_seconds() // 3600)
    if hours < 1:
        return _("less than an hour")
    if hours < 24:
        return ngettext("%(num)s hour", "%(num)s hours", hours)
    days = (formatting.local(now, zone).date() - formatting.local(one.at, zone).date()).days
    return ngettext("%(num)s day", "%(num)s days", days)
