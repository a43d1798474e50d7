"""Screenings in the words of staff: what may be asked, what was asked, how it ended. For their pages and the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from i18n import catalog, formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from i18n.catalog import ngettext
from referrals import people, questionnaires
from resources_db.vocab import ScreeningState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from referrals.instruments import Instrument
    from referrals.screening_record import Past
    from referrals.text_timing import Timing
    from resources_db.models.care import Screening
    from resources_db.models.people import Patient

ASKED_BY = {
    "staff": lazy("asked by staff"),
    "tablet": lazy("on a tablet"),
    "link": lazy("by a link"),
    "import": lazy("imported"),
}
ENDED = {
    ScreeningState.OPEN: lazy("Begun, not finished"),
    ScreeningState.DONE: lazy("Finished"),
    ScreeningState.STOPPED: lazy("Stopped early"),
    ScreeningState.DECLINED: lazy("Did not want to be asked"),
    ScreeningState.ENTERED_IN_ERROR: lazy("Entered in error"),
}
NOT_SENT = lazy("The text was taken back")
NOT_ANSWERED = lazy("No answer yet")


@dataclass(frozen=True, slots=True)
class Head:
    """The patient a page is about."""

    id: uuid.UUID
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class SetRow:
    """One set of questions to choose."""

    key: str
    title: str
    count: str
    about: str
    credit: str
    speaks: str
    """Empty, or that the patient's language is not among those it is written in."""
    chosen: bool


@dataclass(frozen=True, slots=True)
class PastRow:
    """One screening in a list."""

    id: uuid.UUID
    title: str
    day: str
    how: str
    ended: str
    found: str
    open: bool
    good: bool
    """Whether it counts: finished or stopped, with answers."""


def head(patient: Patient) -> Head:
    """The patient a page is about."""
    return Head(patient.id, people.full_name(patient), url_for("caseload.record", patient_id=patient.id))


def offered(instrument: Instrument, language: str, *, chosen: str) -> SetRow:
    """A set of questions as the form offers it to somebody with this language."""
    key, count = questionnaires.key_of(instrument), sum(one.is_asked for one in instrument.questions)
    about = str(instrument.about) if instrument.about else ""
    speaks = instrument.speaks(language)
    return SetRow(
        key=key,
        title=str(instrument.title),
        count=ngettext("%(num)s question", "%(num)s questions", count),
        about=about or ("" if instrument.validated else _("Brought by your organization.")),
        credit=instrument.credit,
        speaks="" if speaks else _("Not in %(language)s: ask with an interpreter.", language=_name(language)),
        chosen=key == chosen,
    )


def languages() -> list[tuple[str, str]]:
    """Languages in which questions can be asked now."""
    return [(one.code, _name(one.code)) for one in catalog.offered()]


def language_off(code: str) -> tuple[str, str] | None:
    """What to say where the patient's language has no words of ours that are on."""
    spoken = catalog.spoken(code)
    if spoken == code:
        return None
    return (
        _("We have no questions in %(language)s that are switched on.", language=_name(code)),
        _("They are shown in %(language)s.", language=_name(spoken)),
    )


def goes_out(timing: Timing, zone: str) -> str:
    """When a text waits: the day and the clock time; empty when it leaves at once."""
    if not timing.quiet and timing.reached is None:
        return ""
    day = formatting.day(formatting.local(timing.leaves_at, zone).date())
    return _("%(day)s at %(time)s", day=day, time=formatting.time(timing.leaves_at, zone))


def history(past: Sequence[Past], zone: str) -> list[PastRow]:
    """What was asked of a patient, as the record lists it."""
    return [_row(one, zone) for one in past]


def ended(row: Screening, answered: int) -> str:
    """How it ended, or how far it is."""
    if row.state is ScreeningState.STOPPED and not answered:
        return str(NOT_SENT)
    if row.state is ScreeningState.OPEN and not answered:
        return str(NOT_ANSWERED)
    return str(ENDED[row.state])


def _row(one: Past, zone: str) -> PastRow:
    row = one.screening
    day = formatting.local(row.finished_at or row.created_at, zone).date()
    counts = row.state in {ScreeningState.DONE, ScreeningState.STOPPED} and bool(one.answered)
    return PastRow(
        id=row.id,
        title=str(one.title),
        day=formatting.short_date(day),
        how=str(ASKED_BY.get(row.asked_by, "")),
        ended=ended(row, one.answered),
        found=_found(one) if counts else "",
        open=row.state is ScreeningState.OPEN,
        good=counts,
    )


def _found(one: Past) -> str:
    """What came up. Of a set in which nothing did, only that: no verdict on the person."""
    if not one.positive:
        return _("Nothing came up")
    found = ngettext("%(num)s thing came up", "%(num)s things came up", one.positive)
    return _("%(found)s, help wanted with %(wanted)s", found=found, wanted=formatting.number(one.wanted))


def _name(code: str) -> str:
    return formatting.language_name(code)
