"""One attempt as two voices on a rail: what both know, what each side said, what is still awaited."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from portal.caseload import list_steps, presenters, reason_words
from portal.parts import Step, Voice
from referrals import heard, take_back
from referrals.lifecycle import HELPED, TERMINAL, WITH_AGENCY
from referrals.outcomes import Agreement
from resources_db.vocab import Channel, EventKind, ReferralState, Side

if TYPE_CHECKING:
    from referrals.record import Attempt
    from resources_db.models.referrals import ReferralEvent

S = ReferralState


def state_shown(attempt: Attempt) -> str:
    """The one status word of an attempt: the agency's state, unless the two sides disagree."""
    return "disagree" if attempt.outcome.agreement is Agreement.DISAGREE else attempt.referral.state.value


def steps(attempt: Attempt, *, patient: str, zone: str, language: str) -> list[Step]:
    """The rail from top to bottom; while the loop is open it ends with what is still awaited."""
    told = [
        (event.recorded_at, step)
        for event in attempt.events
        if (step := _step(event, attempt, patient, zone, language))
    ]
    told += [
        (item.done_at, list_steps.settled(item, attempt, patient, zone)) for item in attempt.settled if item.done_at
    ]
    told.sort(key=lambda one: one[0])  # stable: what was written down in one moment keeps its order
    return [step for _at, step in told] + _awaited(attempt, patient, zone)


def _step(event: ReferralEvent, attempt: Attempt, patient: str, zone: str, language: str) -> Step | None:
    if event.kind is EventKind.MOVE and event.to_state is S.SENT:
        return _sent(event, attempt, zone, language)
    if event.kind is EventKind.ANSWER:
        return Step("", patient=_patients_word(event, patient, zone, language), drawing="text", family="wait")
    if event.kind is EventKind.CORRECTION and (word := _text(event, take_back.TAKEN_BACK)):
        words = _("Took it back: “%(words)s”", words=reason_words.word(word))
        return Step("", patient=Voice(by=_by(patient, event, zone), text=words), drawing="undo", family="calm")
    if event.kind is EventKind.MOVE and event.to_state is not None:
        return _move(event, attempt, zone)
    if event.kind is EventKind.NOTE and _text(event, heard.FOUND):
        return _found(event, zone)
    if event.kind is EventKind.NOTE and (ours := list_steps.noted(event, attempt, zone)):
        return ours
    if event.kind is EventKind.NOTE and event.text:
        return Step("", agency=_note(event, attempt, zone), drawing="pen", family="calm")
    return None


def _sent(event: ReferralEvent, attempt: Attempt, zone: str, language: str) -> Step:
    by = _("By %(name)s", name=attempt.sender) if attempt.sender else ""
    if attempt.texted and attempt.sender:
        name = presenters.language_name(attempt.batch.language if attempt.batch else language)
        by = _("By %(name)s, with one text in %(language)s", name=attempt.sender, language=name)
    return Step(
        S.SENT.value,
        title=_("Sent to %(place)s", place=attempt.place),
        when=formatting.date_time(event.occurred_at, zone),
        at=event.occurred_at.isoformat(),
        by=by,
    )


def _move(event: ReferralEvent, attempt: Attempt, zone: str) -> Step:
    assert event.to_state is not None
    if event.side in {Side.CLOCK, Side.SYSTEM} or (event.side is Side.NAVIGATOR and not event.said_by):
        return Step(
            event.to_state.value,
            title=_our_words(event),
            when=formatting.date_time(event.occurred_at, zone),
            at=event.occurred_at.isoformat(),
            by=reason_words.agency(event.reason),
        )
    return Step(event.to_state.value, agency=_agencys_word(event, attempt, zone))


def _our_words(event: ReferralEvent) -> str:
    if event.to_state is S.NO_RESPONSE:
        return _("Ended: no answer came")
    if event.to_state is S.WITHDRAWN:
        return _("Stopped by us")
    return _("Written down by the care team")


def _agencys_word(event: ReferralEvent, attempt: Attempt, zone: str) -> Voice:
    who = attempt.place or _("The agency")
    by = _by(who, event, zone)
    if event.said_by:
        by = _("%(who)s, told us by %(how)s", who=by, how=event.said_by)
    reason = reason_words.agency(event.reason)
    until = _date(event)
    parts = [f"{reason[:1].upper()}{reason[1:]}." if reason else "", until, _quoted(event.text)]
    assert event.to_state is not None
    return Voice(by=by, strong=str(SAID.get(event.to_state, "")), text=" ".join(part for part in parts if part))


def _date(event: ReferralEvent) -> str:
    """The day that was named, with its clock time where there is one."""
    if event.next_on is None:
        return ""
    day, at = formatting.day(event.next_on), _text(event, "at")
    if at is None:
        return _("Date: %(date)s.", date=day)
    return _("Date: %(date)s at %(time)s.", date=day, time=formatting.time(dt.time.fromisoformat(at)))


def _patients_word(event: ReferralEvent, patient: str, zone: str, language: str) -> Voice:
    word = reason_words.word(_text(event, "word"))
    reason = reason_words.patient(_text(event, "reason"))
    own = _quoted(event.text)
    return Voice(
        by=_by(patient, event, zone),
        strong=own or word,
        text="" if own else reason,
        lang=presenters.language_tag(language) if own else "",
        meaning=" · ".join(part for part in (word if own else "", reason if own else "") if part),
    )


def _note(event: ReferralEvent, attempt: Attempt, zone: str) -> Voice:
    who = attempt.place if event.side is Side.AGENCY else _("Care team")
    return Voice(by=_by(who, event, zone), text=_quoted(event.text))


def _found(event: ReferralEvent, zone: str) -> Step:
    """What the care team found out itself, where the two sides disagree."""
    helped = _text(event, heard.FOUND) == heard.HELPED
    title = _("The care team found: help came") if helped else _("The care team found: help did not come")
    when = formatting.date_time(event.occurred_at, zone)
    return Step("", title=title, when=when, at=event.occurred_at.isoformat(), by=_quoted(event.text), drawing="pen")


def _by(who: str, event: ReferralEvent, zone: str) -> str:
    day = formatting.short_date(formatting.local(event.occurred_at, zone).date())
    return _("%(who)s, %(day)s, %(how)s", who=who, day=day, how=str(_how(event.channel)))


def _how(channel: Channel) -> str:
    return {
        Channel.LINK: _("by link"),
        Channel.SMS: _("by text"),
        Channel.EMAIL: _("by mail"),
        Channel.PHONE: _("by phone"),
        Channel.PAGE: _("by the care team"),
        Channel.CLOCK: _("by itself"),
    }.get(channel, _("in person"))


def _awaited(attempt: Attempt, patient: str, zone: str) -> list[Step]:
    """What has not been said yet."""
    state = attempt.referral.state
    if state is S.DRAFT or (state in TERMINAL and state not in HELPED):
        return []
    nobody_asked = not any(event.kind is EventKind.ANSWER for event in attempt.events)
    agency = _agency_owes(attempt) if state in WITH_AGENCY else None
    asks = _patient_owes(attempt, patient, zone) if nobody_asked else None
    if agency is None and asks is None:
        return []
    return [Step("draft", agency=agency, patient=asks)]


def _agency_owes(attempt: Attempt) -> Voice:
    answered = attempt.referral.answered_at is not None
    text = _("Has not said yet if help was given.") if answered else _("Has not answered yet.")
    return Voice(by=attempt.place, text=text, awaited=True)


def _patient_owes(attempt: Attempt, patient: str, zone: str) -> Voice:
    at: dt.datetime | None = attempt.next_question_at
    text = _("Not asked yet.")
    if at is not None:
        text = _("Not asked yet. We ask on %(when)s.", when=formatting.date_time(at, zone))
    return Voice(by=patient, text=text, awaited=True)


def _text(event: ReferralEvent, name: str) -> str | None:
    value = event.facts.get(name)
    return value if isinstance(value, str) else None


def _quoted(words: str) -> str:
    return _("“%(words)s”", words=words) if words else ""


SAID = {
    S.SEEN: lazy("I have it."),
    S.ACCEPTED: lazy("Yes, we can."),
    S.CONTACTING: lazy("We are trying to reach the person."),
    S.SCHEDULED: lazy("There is a date."),
    S.MISSED: lazy("The person did not come."),
    S.NEEDS_CLIENT: lazy("We need papers."),
    S.RECEIVING: lazy("Help has begun."),
    S.WAITLISTED: lazy("There is a wait."),
    S.SERVED: lazy("We helped."),
    S.PARTLY_SERVED: lazy("We helped with part of it."),
    S.DECLINED: lazy("No, we cannot."),
    S.NOT_SERVED: lazy("We could not help after all."),
    S.WITHDRAWN: lazy("The person does not want it."),
    S.NO_RESPONSE: lazy("No answer."),
}
"""What entering a state means when the agency says it."""
