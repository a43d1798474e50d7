"""Consent to be texted: who agreed, when, how, in which words, for which number. And whether a text may go out at all.

The first text ever to a number is the welcome, queued while the person is still there. What was before: `texting_past`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from i18n import formatting
from i18n.catalog import patient as patient_words
from i18n.catalog import use_language
from messaging import outbox, suppression
from referrals import links, people, phone_words, senders, texts, worklist
from referrals.errors import BadInputError, Why
from resources_db import audit
from resources_db.models.consents import TextingConsent
from resources_db.models.messages import InboundMessage, Message
from resources_db.tenancy import actor_of
from resources_db.vocab import Purpose, SuppressionWhy, TextingLevel, WhyCode

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.models.people import Patient
    from resources_db.models.referrals import WorklistItem

WORDING = "text-2026-11"
HOW = ("spoken", "paper", "page", "START")
SAID_AGAIN = timedelta(days=1)
"""How old a text from the phone may be that stands beside a new agreement after STOP."""
TOLD_US = frozenset({SuppressionWhy.STAFF, SuppressionWhy.PAGE, SuppressionWhy.WRONG_NUMBER})
"""Stops that came by a person's word; a person's new word ends them. After STOP the phone itself must speak."""
STOPS = {"page": SuppressionWhy.PAGE, "wrong_person": SuppressionWhy.WRONG_NUMBER}
"""How somebody said that texts must end, and what stands in the list of stopped numbers; all else came by staff."""
UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Shown:
    """Words of agreement that stood on a page instead of being read aloud: their version and they themselves."""

    version: str
    wording: str


@dataclass(frozen=True, slots=True)
class Texting:
    """Whether this patient may be texted; `why` says what stands in the way.

    `more` is the code below it: why the number was stopped, or what is wrong with it.
    """

    consent: TextingConsent | None
    why: Why | None
    more: str = ""

    @property
    def allowed(self) -> bool:
        """Whether a text may go out."""
        return self.why is None

    @property
    def details(self) -> bool:
        """Whether a text may name a place."""
        return self.allowed and self.consent is not None and self.consent.level is TextingLevel.DETAILS


def script(language: str, number: str) -> str:
    """What a navigator reads aloud before recording a spoken yes; `number` (E.164) is what the texts come from."""
    with use_language(language):
        # Translators: read aloud by a navigator to a patient. Keep it short and plain.
        return patient_words.gettext(
            "May we text you about help near you? About 2 to 6 texts a month. Your phone company may charge. "
            "You can text STOP at any time. You will get a text from %(number)s now.",
            number=formatting.phone(number),
        )


def record(
    session: Session,
    *,
    patient_id: uuid.UUID,
    level: TextingLevel,
    how: str,
    language: str,
    now: datetime,
    interpreter: bool = False,
    welcome: bool = True,
    shown: Shown | None = None,
) -> TextingConsent:
    """Store a yes to texts at the patient's number, and queue the welcome when the number never got one."""
    patient = people.get(session, patient_id)
    if patient.phone_bix is None:
        raise BadInputError("phone", "missing")
    if how not in HOW:
        raise BadInputError("how", "unknown")
    consent = TextingConsent(
        org_id=patient.org_id,
        patient_id=patient.id,
        phone_bix=patient.phone_bix,
        level=level,
        how=how,
        wording_version=shown.version if shown else WORDING,
        wording=shown.wording if shown else script(language, senders.of_org(session, patient.org_id).phone),
        language=language,
        interpreter=interpreter,
        given_at=now,
        created_at=now,
        created_by=actor_of(session).user_id,
    )
    _end(session, patient, "replaced", now)
    session.add(consent)
    session.flush()
    _lift(session, patient.phone_bix, now)
    audit.record(session, action="texting.record", subject_kind="patient", subject_id=patient.id, now=now)
    if welcome and welcomed_at(session, patient) is None and state(session, patient).allowed:
        _welcome(session, patient, language, now)
    return consent


def withdraw(session: Session, *, patient_id: uuid.UUID, how: str, now: datetime) -> None:
    """The person wants no more texts: consent ends, the number is stopped for every sender of the site, pages close."""
    patient = people.get(session, patient_id)
    _end(session, patient, how, now)
    if patient.phone_bix is not None:
        why, by = STOPS.get(how, SuppressionWhy.STAFF), actor_of(session).user_id
        suppression.suppress(session, patient.phone_bix, why, now, by)
        _decided(session, patient.phone_bix, now)
    links.revoke_patient(session, patient_id=patient.id, now=now)
    audit.record(session, action="texting.withdraw", subject_kind="patient", subject_id=patient.id, now=now)


def decide(session: Session, *, patient_id: uuid.UUID, go_on: bool, now: datetime) -> None:
    """A person has read what might have meant STOP: texts go on, or end as if STOP had been said."""
    patient = people.get(session, patient_id)
    if not go_on:
        withdraw(session, patient_id=patient_id, how="hold", now=now)
        return
    if patient.phone_bix is not None:
        suppression.release_hold(session, patient.phone_bix, actor_of(session).user_id, now)
        _decided(session, patient.phone_bix, now)
    audit.record(session, action="texting.go_on", subject_kind="patient", subject_id=patient.id, now=now)


def waits_for(session: Session, item: WorklistItem) -> bool:
    """Whether texts to the patient of this item wait until somebody says what a reply meant."""
    if item.why is not WhyCode.MAY_WANT_STOP:
        return False
    patient = people.get(session, item.patient_id)
    return patient.phone_bix is not None and suppression.open_hold(session, patient.phone_bix) is not None


def try_again(session: Session, *, patient_id: uuid.UUID, now: datetime) -> None:
    """The phone that could not be reached works again, somebody says; a landline stays one."""
    patient = people.get(session, patient_id)
    if patient.phone_flag != UNREACHABLE:
        return
    patient.phone_flag = None
    audit.record(session, action="texting.try_again", subject_kind="patient", subject_id=patient.id, now=now)


def state(session: Session, patient: Patient) -> Texting:
    """Whether this patient may be texted now."""
    consent = _current(session, patient)
    why, more = _barrier(session, patient, consent)
    return Texting(consent, why, more)


def welcomed_at(session: Session, patient: Patient) -> datetime | None:
    """When the welcome to this number was queued by this org; None when it never was."""
    return session.scalars(
        select(Message.created_at)
        .where(Message.org_id == patient.org_id, Message.to_bix == patient.phone_bix)
        .where(Message.purpose == Purpose.WELCOME)
        .order_by(Message.created_at.desc())
        .limit(1)
    ).one_or_none()


def _barrier(session: Session, patient: Patient, consent: TextingConsent | None) -> tuple[Why | None, str]:
    if patient.closed_at is not None:
        return Why.PATIENT_CLOSED, ""
    if patient.contact_prohibited:
        return Why.CONTACT_PROHIBITED, ""
    if patient.phone_bix is None:
        return Why.NO_PHONE, ""
    if patient.never_text:
        return Why.NEVER_TEXT, ""
    stopped = suppression.open_suppression(session, patient.phone_bix)
    if stopped is not None:
        return Why.STOPPED, stopped.why.value
    if patient.phone_flag:
        return Why.NUMBER_BAD, patient.phone_flag
    if suppression.open_hold(session, patient.phone_bix) is not None:
        return Why.ON_HOLD, ""
    return (None if consent is not None else Why.NO_TEXTING_CONSENT), ""


def _lift(session: Session, phone_bix: bytes, now: datetime) -> None:
    """A new yes ends a stop that came by a person's word; after STOP only together with a text from that phone."""
    stopped = suppression.open_suppression(session, phone_bix)
    if stopped is None:
        return
    wrote = select(InboundMessage.id).where(
        InboundMessage.from_bix == phone_bix,
        InboundMessage.at > max(stopped.at, now - SAID_AGAIN),
        InboundMessage.read_as.not_in(("stop", "hold")),
    )
    both = stopped.why is SuppressionWhy.STOP_WORD and session.scalars(wrote).first() is not None
    if both or stopped.why in TOLD_US:
        suppression.lift(session, phone_bix, "consent", now, actor_of(session).user_id)
        _decided(session, phone_bix, now)


def _decided(session: Session, phone_bix: bytes, now: datetime) -> None:
    for patient in phone_words.at_number(session, phone_bix):
        worklist.clear_patient(session, patient_id=patient.id, whys=(WhyCode.MAY_WANT_STOP,), now=now)


def _current(session: Session, patient: Patient) -> TextingConsent | None:
    query = select(TextingConsent).where(
        TextingConsent.patient_id == patient.id,
        TextingConsent.phone_bix == patient.phone_bix,
        TextingConsent.withdrawn_at.is_(None),
    )
    return session.scalars(query.order_by(TextingConsent.given_at.desc()).limit(1)).one_or_none()


def _end(session: Session, patient: Patient, how: str, now: datetime) -> None:
    query = select(TextingConsent).where(TextingConsent.patient_id == patient.id, TextingConsent.withdrawn_at.is_(None))
    for consent in session.scalars(query):
        consent.withdrawn_at, consent.withdrawn_how, consent.withdrawn_by = now, how, actor_of(session).user_id


def _welcome(session: Session, patient: Patient, language: str, now: datetime) -> None:
    sender = senders.of_patient(session, patient.org_id, patient.id)
    text = texts.render(Purpose.WELCOME, language, sender)
    outbox.enqueue_text(
        session,
        org_id=patient.org_id,
        to=patient.phone,
        body=text.body,
        lang=text.language,
        purpose=text.purpose,
        subject_kind="patient",
        subject_id=patient.id,
        dedupe_key=f"patient:{patient.id}:welcome:{(patient.phone_bix or b'').hex()[:16]}",
        now=now,
        created_by=actor_of(session).user_id,
        with_person=True,
    )
