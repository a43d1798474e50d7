"""The rows of one patient's year: needs, sends, referrals with their events, answers, texts, due rows, items."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.year import lives
from bench.year.hand import Hand, Rows
from bench.year.lives import Life
from referrals.people import TOKEN_BYTES
from resources_db.encryption import blind_index, phone_index
from resources_db.models.consents import Consent, ConsentRecipient, TextingConsent
from resources_db.models.messages import Message
from resources_db.models.people import Assignment, ContactAttempt, Need, NeedEvent, Patient, PatientNameToken
from resources_db.models.referrals import (
    PatientAnswer,
    Referral,
    ReferralEvent,
    ReferralTask,
    SendBatch,
    ServiceRequest,
    WorklistItem,
)
from resources_db.needs import NEEDS
from resources_db.vocab import (
    BatchState,
    Channel,
    ConsentMethod,
    ContactResult,
    EventKind,
    HelpWanted,
    MessageChannel,
    MessageState,
    NeedSource,
    NeedStatus,
    PatientWord,
    Question,
    RecipientKind,
    ReferralState,
    TaskKind,
    Tier,
    WhyCode,
)

SENT_TO = ("transportation", "nutrition", "housing", "financial")
DOMAINS = {code: need.domain for code, need in NEEDS.items() if need.domain in SENT_TO}
LANGUAGES = ("en",) * 11 + ("es",) * 5 + ("vi", "ar", "fr", "ru")
ZIPS = ("45202", "45203", "45205", "45206", "45207", "45208", "45211", "45214", "45219", "45225", "45229", "45237")
WHYS = (WhyCode.NO_REPLY, WhyCode.AGENCY_FULL, WhyCode.PATIENT_COULD_NOT, WhyCode.PATIENT_WROTE, WhyCode.NEEDS_PAPERS)
OPEN_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Place:
    """A service somebody can be sent to."""

    service: uuid.UUID
    organization: uuid.UUID
    contact: uuid.UUID
    need: str


def one_patient(
    rows: Rows,
    chance: random.Random,
    places: Sequence[Place],
    org: uuid.UUID,
    team: uuid.UUID,
    lead: uuid.UUID,
    name: tuple[str, str],
    number: int,
    referrals: int,
    now: datetime,
) -> uuid.UUID:
    """Everything about one person; gives the id."""
    year = _Year(rows, chance, org, lead, now, uuid.uuid4(), f"+1513{2_000_000 + number}")
    year.person(team, name)
    while referrals > 0:
        tries = min(chance.choice((1, 2, 3, 4)), referrals)
        year.need(places, tries)
        referrals -= tries
    return year.patient


class _Year(Hand):
    """Writes the year of one person."""

    def person(self, team: uuid.UUID, name: tuple[str, str]) -> None:
        begun, home = self.now - lives.YEAR, self.chance.choice(ZIPS)
        sealed = {"first_name": name[0], "last_name": name[1], "phone": self.phone, "zip": home}
        values = {f"{field}_enc": self.seal(f"patient.{field}", self.patient, text) for field, text in sealed.items()}
        bix, language = phone_index(self.phone), self.chance.choice(LANGUAGES)
        who = {"id": self.patient, "care_team_id": team, "phone_bix": bix, "zip3": home[:3], "language": language}
        self.add(Patient, **who, **values, created_at=begun)
        mine = {"patient_id": self.patient, "created_at": begun}
        self.add(Assignment, **mine, navigator_id=self.lead, started_at=begun)
        for word in name:
            self.add(
                PatientNameToken,
                patient_id=self.patient,
                token=blind_index("patient.name", f"{self.org}|{word.casefold()}")[:TOKEN_BYTES],
            )
        given = {"language": language, "wording_version": "2026-11"}
        agreed = self.add(
            Consent, **mine, **given, method=ConsentMethod.VERBAL, effective_at=begun, expires_at=self.now + lives.YEAR
        )
        for domain in SENT_TO:
            self.add(ConsentRecipient, consent_id=agreed, kind=RecipientKind.DOMAIN, domain=domain)
        self.add(TextingConsent, **mine, **given, phone_bix=bix, how="spoken", given_at=begun)

    def need(self, places: Sequence[Place], tries: int) -> None:
        chance, found = self.chance, self.now - timedelta(days=self.chance.uniform(1, 360))
        place = chance.choice(places)
        recent = self.now - found < timedelta(days=90)
        need = uuid.uuid4()
        request = uuid.uuid4()
        sent, state, met, seen = found, ReferralState.DRAFT, None, {place.service}
        for turn in range(tries):
            sent += timedelta(hours=chance.uniform(2, 400) if turn else chance.uniform(0.2, 40))
            if sent > self.now:
                sent = self.now - timedelta(hours=chance.uniform(1, 20))
            life = lives.of(chance, sent, self.now, still_open=recent and chance.random() < 2 * OPEN_SHARE)
            self.referral(request, need, place, life)
            state = life.state
            if state is ReferralState.SERVED and life.word and life.word[0] is PatientWord.GOT_HELP:
                met = life.terminal_at
            place = next(one for one in iter(lambda: chance.choice(places), None) if one.service not in seen)
            seen.add(place.service)
        ended = NeedStatus.IN_WORK if recent else chance.choice((NeedStatus.UNMET_CLOSED, NeedStatus.OPEN))
        status = NeedStatus.MET if met else ended
        mine = {"patient_id": self.patient, "created_at": found}
        closed = self.now if status is NeedStatus.UNMET_CLOSED else None
        self.add(
            Need,
            id=need,
            **mine,
            subneed=place.need,
            source=chance.choice((NeedSource.TALK, NeedSource.SCREENING)),
            help_wanted=HelpWanted.YES,
            status=status,
            identified_at=found,
            met_at=met,
            met_method="talk" if met else None,
            closed_at=closed,
        )
        self.add(NeedEvent, need_id=need, from_status=None, to_status="open", actor_kind="user", method=None, at=found)
        if met:
            self.add(
                NeedEvent,
                need_id=need,
                from_status="in_work",
                to_status="met",
                actor_kind="user",
                method="talk",
                at=met,
            )
        self.add(ServiceRequest, id=request, **mine, need_id=need)
        if chance.random() < 0.5:
            self.add(ContactAttempt, **mine, channel=Channel.PHONE, result=chance.choice(list(ContactResult)), at=found)

    def referral(self, request: uuid.UUID, need: uuid.UUID, place: Place, life: Life) -> None:
        batch, referral = uuid.uuid4(), uuid.uuid4()
        mine = {"patient_id": self.patient, "created_at": life.sent_at}
        body = self.seal("send_batch.body", batch, "Riverside: new places for you. https://x.example/r/abc")
        self.add(
            SendBatch,
            id=batch,
            **mine,
            state=BatchState.RELEASED,
            releasing_at=life.sent_at,
            language="en",
            purpose="referral",
            body_enc=body,
            idempotency_key=batch.hex,
        )
        ref = referral.hex[:12]
        last = life.steps[-1]
        where = {"service_id": place.service, "organization_id": place.organization, "contact_id": place.contact}
        due = life.sent_at + timedelta(days=4)
        self.add(
            Referral,
            id=referral,
            **mine,
            **where,
            ref=ref,
            request_id=request,
            batch_id=batch,
            state=life.state,
            business_status=last.status,
            shared_fields=["first_name", "phone"],
            reason=last.reason,
            due_at=due,
            sent_at=life.sent_at,
            answered_at=life.answered_at,
            terminal_at=life.terminal_at,
            version=len(life.steps),
        )
        for seq, step in enumerate(life.steps, 1):
            self.add(
                ReferralEvent,
                referral_id=referral,
                seq=seq,
                kind=EventKind.MOVE,
                from_state=step.start,
                to_state=step.to,
                business_status=step.status,
                reason=step.reason,
                side=step.side,
                actor_kind="link",
                channel=Channel.LINK,
                idempotency_key=f"{seq}",
                occurred_at=step.at,
                recorded_at=step.at,
            )
        self.word(referral, batch, life)
        self.text(batch, life.sent_at)
        self.due(referral, batch, need, life)

    def word(self, referral: uuid.UUID, batch: uuid.UUID, life: Life) -> None:
        at = life.sent_at + timedelta(days=3)
        if life.word and at < self.now:
            said, why = life.word
            self.add(
                PatientAnswer,
                patient_id=self.patient,
                referral_id=referral,
                batch_id=batch,
                question=Question.DAY_3,
                word=said,
                reason=why,
                language="en",
                channel=Channel.SMS,
                idempotency_key=referral.hex,
                at=at,
            )

    def text(self, batch: uuid.UUID, at: datetime) -> None:
        message = uuid.uuid4()
        sealed = {
            "to_enc": self.seal("message.to", message, self.phone),
            "body_enc": self.seal("message.body", message, "Riverside: new places for you."),
        }
        self.add(
            Message,
            id=message,
            **sealed,
            channel=MessageChannel.SMS,
            token=message.hex,
            to_bix=phone_index(self.phone),
            lang="en",
            segments=1,
            purpose="referral",
            subject_kind="send_batch",
            subject_id=batch,
            created_at=at,
            dedupe_key=message.hex,
            state=MessageState.DELIVERED,
            due_at=at,
            sent_at=at,
            delivered_at=at,
        )

    def due(self, referral: uuid.UUID, batch: uuid.UUID, need: uuid.UUID, life: Life) -> None:
        mine = {"patient_id": self.patient, "created_at": life.sent_at}
        for kind, days in ((TaskKind.ASK_DAY_3, 3), (TaskKind.AGENCY_NOTICE_2, 2), (TaskKind.NO_RESPONSE, 14)):
            at = life.sent_at + timedelta(days=days)
            done = at if at < self.now or life.terminal_at else None
            self.add(
                ReferralTask,
                **mine,
                referral_id=referral,
                batch_id=batch,
                kind=kind,
                due_at=at,
                done_at=done,
                dedupe_key=f"{referral}:{kind}",
            )
        if self.chance.random() < 0.5:
            why = self.chance.choice(WHYS)
            at = min(life.sent_at + timedelta(days=4), self.now)
            old = self.now - at > timedelta(days=20)
            facts = {"agency": "Hope Pantry", "state": life.state.value, "days": 4}
            self.add(
                WorklistItem,
                **mine,
                referral_id=referral,
                need_id=need,
                owner_id=self.lead,
                why=why,
                facts=facts,
                subject=f"{why}:{referral}",
                tier=self.chance.choice((Tier.TODAY, Tier.THIS_WEEK)),
                due_at=at,
                done_at=at if old else None,
                done_how="fact" if old else None,
            )
