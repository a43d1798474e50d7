"""Everybody who can touch a referral, doing any one thing they are able to do: the actors of the random walks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from messaging import questions
from messaging.opt_out import read
from referrals import (
    agency,
    by,
    consent,
    corrections,
    create,
    endings,
    follow_up,
    lifecycle,
    links,
    progress,
    reasons,
    revocation,
)
from referrals.agency_choices import Answer, Choice
from referrals.answers import PatientSays
from referrals.by import By
from referrals.endings import Ending
from referrals.errors import ChangedMeanwhileError, MoveRefusedError, NotSendableError, TooLateError
from referrals.hooks import HOOKS
from referrals.progress import Said
from resources_db import encryption, tenancy
from resources_db.models.messages import InboundMessage, Message
from resources_db.models.referrals import Referral, ReferralTask
from resources_db.tenancy import act_as
from resources_db.vocab import Channel, LinkPurpose, MessageState, PatientWord, Priority, ReferralState, Side
from tests.referrals.conftest import World, key_of

S = ReferralState
PANTRY = "+15135550137"
NO = (MoveRefusedError, ChangedMeanwhileError, TooLateError, NotSendableError)
"""What a person may be told; anything else is a fault."""
OUT = (MessageState.QUEUED,)


@dataclass
class Walk:
    """One story: who did what, and which due rows fired when."""

    world: World
    fired: dict[object, datetime] = field(default_factory=dict)
    moments: list[datetime] = field(default_factory=list)
    said_no: int = 0
    steps: int = 0

    @property
    def session(self):
        return self.world.session

    def referrals(self) -> list[Referral]:
        query = select(Referral).order_by(Referral.created_at, Referral.id)
        return list(act_as(self.session, tenancy.system()).scalars(query))

    def pick(self, number: int) -> Referral:
        found = self.referrals()
        return found[number % len(found)]

    def do(self, what, number: int) -> None:
        """One act in a savepoint, as a request or a job would have its transaction."""
        self.steps += 1
        before = [(one.id, one.state, one.version) for one in self.referrals()]
        savepoint = self.session.begin_nested()
        try:
            what(self, number)
        except NO:
            savepoint.rollback()
            self.session.expire_all()
            self.said_no += 1
            assert [(one.id, one.state, one.version) for one in self.referrals()] == before
        else:
            savepoint.commit()
        self.moments.append(self.world.now)


def navigator_moves(walk: Walk, number: int) -> None:
    referral = walk.pick(number)
    likely = lifecycle.next_moves(referral.state, Side.NAVIGATOR) if number % 3 else ()
    to = likely[number % len(likely)] if likely else list(S)[number % len(S)]
    codes = reasons.allowed(to, Side.NAVIGATOR)
    said = Said(
        reason=codes[number % len(codes)] if codes and number % 7 else None,
        text="as they said",
        next_on=(walk.world.now + timedelta(days=number % 30)).date() if number % 3 else None,
    )
    who = By(Side.NAVIGATOR, Channel.PHONE, "phone: Denise" if number % 4 else "")
    old = referral.version - 1 if number % 5 == 4 else referral.version
    key = f"nav-{walk.steps - number % 2}"  # now and then the key of the form before
    progress.move(
        walk.world.as_dana(), referral.id, to=to, by=who, key=key, now=walk.world.now, said=said, expected_version=old
    )


def navigator_takes_back(walk: Walk, number: int) -> None:
    referral = walk.pick(number)
    corrections.undo(walk.world.as_dana(), referral.id, by=by.NAVIGATOR, key=f"wrong-{walk.steps}", now=walk.world.now)


def agency_by_link(walk: Walk, number: int) -> None:
    mails = walk.world.messages("agency_new", "agency_reminder", "agency_stop", "agency_confirm")
    token = mails[number % len(mails)].body.split("/r/")[1].split()[0] if mails else ""
    link = links.enter(walk.world.as_clock(), token, LinkPurpose.AGENCY, now=walk.world.now)
    if link is None:
        return
    if number % 4 == 0:
        agency.open_it(walk.session, link, now=walk.world.now)
        return
    if number % 5 == 1:
        agency.undo(walk.session, link, key=f"back-{walk.steps}", now=walk.world.now)
        return
    offered = agency.look(walk.session, link, stepped_up=True, now=walk.world.now).choices if number % 3 else ()
    choice = offered[number % len(offered)] if offered else list(Choice)[number % len(Choice)]
    to = agency.TO[choice]
    codes = reasons.allowed(to, Side.AGENCY)
    day = (walk.world.now + timedelta(days=number % 40)).date()
    given = Answer(choice, codes[number % len(codes)] if codes else None, "their words", next_on=day)
    seen = agency.look(walk.session, link, stepped_up=True, now=walk.world.now).seen if number % 3 else None
    agency.answer(walk.session, link, given, key=f"link-{walk.steps}", stepped_up=True, now=walk.world.now, seen=seen)


def agency_by_text(walk: Walk, number: int) -> None:
    digit = str(number % 6)
    refs = [one.ref for one in walk.referrals()]
    inbound(walk, f"{refs[number % len(refs)]} {digit}" if number % 2 else digit, PANTRY)


def patient_by_text(walk: Walk, number: int) -> None:
    inbound(walk, str(1 + number % 3), walk.world.cast.rosa.phone)


def inbound(walk: Walk, body: str, sender: str) -> None:
    session, bix = act_as(walk.session, tenancy.system()), encryption.phone_index(sender)
    rosa = walk.world.cast.rosa
    row = InboundMessage(
        org_id=walk.world.cast.org.id,
        message_sid=f"SM{walk.steps}",
        from_bix=bix,
        body=body,
        read_as="answer",
        patient_id=rosa.id if sender == rosa.phone else None,
        at=walk.world.now,
    )
    row.from_enc = encryption.vault().encrypt(sender, "inbound_message.from", row.org_id, row.id, session)
    session.add(row)
    session.flush()
    question = questions.open_question(session, bix, walk.world.now)
    if HOOKS.on_answer(session, row, read(body), question) and question is not None:
        questions.answered(session, question, walk.world.now)


def patient_by_page(walk: Walk, number: int) -> None:
    referral = walk.pick(number)
    words = list(PatientWord)
    says = PatientSays(words[number % len(words)], referral_id=referral.id if number % 2 else None)
    if referral.state in {S.DRAFT, S.ERROR}:
        return
    key = f"page-{walk.steps - number % 2}"
    progress.answer(
        walk.world.as_clock(), referral.batch_id, says=says, by=by.PATIENT_LINK, key=key, now=walk.world.now
    )


def clock_ticks(walk: Walk, _number: int) -> None:
    """The minute's work, by two workers that both planned the same rows."""
    session, now = walk.world.as_clock(), walk.world.now
    for batch_id in create.due_batches(session, now=now):
        create.release(session, batch_id, now=now)
    plan = follow_up.planned(session, now=now)
    outcomes = [[follow_up.fire_row(session, one, now=now) for one in plan] for _worker in range(2)]
    assert set(outcomes[1]) <= {"taken"}
    for row in session.scalars(select(ReferralTask).where(ReferralTask.done_at.is_not(None))):
        known = walk.fired.setdefault(row.id, row.done_at)
        assert known == row.done_at, f"{row.kind} fired again"


def messages_leave(walk: Walk, number: int) -> None:
    """What was promised leaves; now and then a message does not arrive."""
    session = act_as(walk.session, tenancy.system())
    for place, message in enumerate(session.scalars(select(Message).where(Message.state.in_(OUT))).all()):
        lost = (number + place) % 5 == 0
        message.state = MessageState.UNDELIVERED if lost else MessageState.SENT
        session.flush()
        if lost:
            HOOKS.on_failed(session, message)


def consent_comes_and_goes(walk: Walk, number: int) -> None:
    if number % 4:
        return
    standing = list(consent.standing(walk.world.as_dana(), walk.world.cast.rosa.id, now=walk.world.now))
    if standing:
        revocation.revoke(walk.session, standing[0].id, how="phone", now=walk.world.now)
    else:
        walk.world.agree()


def person_ends_and_returns(walk: Walk, number: int) -> None:
    rosa, session = walk.world.cast.rosa, walk.world.as_dana()
    session.refresh(rosa)
    if rosa.closed_at is not None or rosa.contact_prohibited:
        endings.reopen(session, rosa.id, now=walk.world.now)
        return
    if number % 6 == 0:
        ending = list(Ending)[number % len(Ending)]
        endings.end(session, rosa.id, ending, key=f"end-{walk.steps}", now=walk.world.now)


def navigator_sends_again(walk: Walk, number: int) -> None:
    world = walk.world
    place = (world.cast.food_bank, world.kitchen)[number % 2]
    failed = [one.id for one in walk.referrals() if one.state in {S.DECLINED, S.NOT_SERVED, S.NO_RESPONSE}]
    choice = create.Choice(key_of(place), previous_id=failed[number % len(failed)] if failed else None)
    create.send(
        world.as_dana(),
        patient_id=world.cast.rosa.id,
        choices=[choice],
        form_key=f"form-key-again-{walk.steps:08d}",
        now=world.now,
        wish=create.Wish(priority=Priority.URGENT if number % 3 == 0 else Priority.ROUTINE),
    )


ACTS = (
    *(navigator_moves, agency_by_link, agency_by_text, patient_by_page, patient_by_text, clock_ticks, messages_leave),
    *(navigator_takes_back, navigator_sends_again, consent_comes_and_goes, person_ends_and_returns),
    *(agency_by_link, agency_by_text, clock_ticks, messages_leave),
)
"""The likelier ones stand twice."""
