"""What follows a patient's word: items, what became of the need, closed pages. Never the agency's state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from messaging import suppression
from referrals import (
    business_days,
    links,
    listing_outcomes,
    needs,
    notices,
    outcomes,
    people,
    senders,
    texting,
    two_sided,
    worklist,
)
from referrals.outcomes import Agency, Said
from referrals.worklist import About
from resources_db.models.people import Need
from resources_db.vocab import NeedStatus, PatientWord, Side, SuppressionWhy, WhyCode

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.answers import Answered
    from referrals.by import By
    from resources_db.models.referrals import PatientAnswer, Referral

P = PatientWord
NEED_AFTER = {P.SOLVED: NeedStatus.MET, P.PARTLY_SOLVED: NeedStatus.IN_WORK, P.NOT_SOLVED: NeedStatus.IN_WORK}
ITEM_OF = {
    P.CALL_ME: WhyCode.PATIENT_WANTS_CALL,
    P.OTHER_HELP: WhyCode.PATIENT_OTHER_HELP,
    P.NOT_NEEDED: WhyCode.PATIENT_NOT_NEEDED,
    P.WRONG_PERSON: WhyCode.WRONG_PERSON,
    P.PARTLY_SOLVED: WhyCode.PARTLY_SERVED,
    P.NOT_SOLVED: WhyCode.PATIENT_COULD_NOT,
    P.NOT_YET: WhyCode.PATIENT_COULD_NOT,
    P.COULD_NOT: WhyCode.PATIENT_COULD_NOT,
}
TODAY = frozenset({P.CALL_ME, P.OTHER_HELP, P.WRONG_PERSON})


def after_answer(session: Session, answered: Answered, by: By, *, now: datetime) -> None:
    """Everything that follows from what the patient said."""
    answer = answered.answer
    worklist.clear_patient(session, patient_id=answer.patient_id, whys=(WhyCode.NO_ANSWER_TWICE,), now=now)
    listing_outcomes.patient_said(session, answered, now=now)
    if answer.need_id is not None:
        _about_need(session, answer, by, now)
        return
    if answer.word is P.WRONG_PERSON:
        _wrong_person(session, answer, now)
    if outcomes.said(answer.word) is Said.HELPED:
        _help_came(session, answered, now)
    judged = _judged(answered)
    for referral in judged:
        two_sided.settle(session, referral, now=now)
    if answer.word in ITEM_OF and not (judged and answer.word not in TODAY):
        _open(session, answer, answered.referrals, now)


def _help_came(session: Session, answered: Answered, now: datetime) -> None:
    """What the person said before, that help had not come, is no longer so."""
    answer = answered.answer
    for of in (answer.batch_id, *(referral.id for referral in answered.referrals)):
        about = About(WhyCode.PATIENT_COULD_NOT, answer.patient_id, answer.org_id, of=str(of))
        worklist.clear_subject(session, about, now=now)


def _judged(answered: Answered) -> tuple[Referral, ...]:
    """The referrals whose two words are put side by side. A digit for several places is no word about each of them."""
    told, all_of_them = outcomes.said(answered.answer.word), answered.referrals
    if told is Said.NOTHING:
        return ()
    helped = tuple(one for one in all_of_them if _row(one) in {Agency.SERVED, Agency.PARTLY})
    if answered.answer.word is P.OTHER_HELP:
        return helped
    if len(all_of_them) == 1:
        return all_of_them
    if told is Said.HELPED:
        # Help came from one of them; that places said no is news only when all of them did.
        return tuple(one for one in all_of_them if _row(one) not in {Agency.NO, Agency.SILENT}) or all_of_them
    return helped


def _row(referral: Referral) -> Agency:
    return outcomes.AGENCY.get(referral.state, Agency.OPEN)


def _about_need(session: Session, answer: PatientAnswer, by: By, now: datetime) -> None:
    assert answer.need_id is not None
    need = session.get(Need, answer.need_id)
    if need is None:
        return
    method = "patient" if by.side is Side.PATIENT else "talk"
    needs.set_status(session, need, NEED_AFTER.get(answer.word, need.status), method=method, now=now)
    if answer.word in ITEM_OF:
        _open(session, answer, (), now)


def _open(session: Session, answer: PatientAnswer, referrals: tuple[Referral, ...], now: datetime) -> None:
    zone = senders.org_of(session, answer.org_id).timezone
    today = answer.word in TODAY
    about = About(
        ITEM_OF[answer.word],
        answer.patient_id,
        answer.org_id,
        referral_id=answer.referral_id,
        need_id=answer.need_id,
        facts={
            "patient_word": answer.word.value,
            "patient_reason": answer.reason.value if answer.reason else None,
            "agency": ", ".join(notices.agency_name(session, referral) for referral in referrals),
            "batch": str(answer.batch_id),
        },
        words=answer.text,
        of=str(answer.referral_id or answer.need_id or answer.batch_id),
    )
    due_at = max(now, business_days.end_of_day(now, zone)) if today else business_days.later(now, 1, zone)
    worklist.open_item(session, about, due_at=due_at, now=now)


def _wrong_person(session: Session, answer: PatientAnswer, now: datetime) -> None:
    """Not for them: no more texts to the number, every page closed."""
    patient = people.get(session, answer.patient_id)
    if patient.phone_bix is not None:
        suppression.suppress(session, patient.phone_bix, SuppressionWhy.WRONG_NUMBER, now)
    texting.withdraw(session, patient_id=patient.id, how="wrong_person", now=now)
    links.revoke_patient(session, patient_id=patient.id, now=now)
