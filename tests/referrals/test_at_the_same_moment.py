"""Two hands at once, each with a transaction of its own: one effect, and both get the same kind answer."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sqlalchemy import func, select

from referrals import by, corrections, create, follow_up, paces, progress, worklist
from referrals.clocks import Step
from referrals.create import Choice
from referrals.errors import ChangedMeanwhileError, TooLateError
from referrals.progress import Said
from referrals.worklist import About
from resources_db import tenancy
from resources_db.models.referrals import Referral, SendBatch, WorklistItem
from resources_db.vocab import ActorKind, BatchState, Priority, Reason, ReferralState, WhyCode
from tests.referrals.conftest import FORM, World, key_of


def at_once(world: World, database, *hands: Callable):
    """Run each in its own thread and transaction, all let go at one signal; gives results or errors in their order."""
    world.session.commit()
    results: list[object] = [None] * len(hands)
    go = threading.Barrier(len(hands))

    def work(number: int) -> None:
        go.wait()
        try:
            with database.writing(world.dana) as session, session.begin():
                results[number] = hands[number](session)
        except Exception as error:  # noqa: BLE001 - the error is the result
            results[number] = error

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(hands))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_send_pressed_twice_at_the_same_moment_is_one_send(ready, database):
    def press(session):
        return create.send(session, patient_id=rosa, choices=[Choice(key)], form_key=FORM, now=ready.now).id

    rosa, key = ready.cast.rosa.id, key_of(ready.cast.food_bank)
    first, second = at_once(ready, database, press, press)
    assert first == second
    assert ready.as_dana().scalar(select(func.count()).select_from(SendBatch)) == 1
    assert ready.session.scalar(select(func.count()).select_from(Referral)) == 1


def test_undo_and_release_at_the_same_moment_never_both_win(ready, database):
    batch = ready.send()
    ready.clock.forward(seconds=11)
    batch_id, now = batch.id, ready.now
    undone, released = at_once(
        ready,
        database,
        lambda session: create.undo(session, batch_id, now=now).state,
        lambda session: create.release(session, batch_id, now=now).state,
    )
    ready.session.expire_all()
    texts = len(ready.messages("referral"))
    if isinstance(undone, TooLateError):
        assert (released, texts) == (BatchState.RELEASED, 1)
    else:
        assert (undone, released, texts) == (BatchState.UNDONE, BatchState.UNDONE, 0)


def test_two_people_at_the_agency_answer_at_the_same_moment(ready, database):
    (referral,) = ready.sent()
    referral_id, version, now = referral.id, referral.version, ready.now

    def answer(key: str):
        return lambda session: progress.move(
            session, referral_id, to=ReferralState.ACCEPTED, by=by.AGENCY_LINK, key=key, now=now, expected_version=version
        )  # fmt: skip

    results = at_once(ready, database, answer("denise"), answer("tom"))
    assert sorted(isinstance(result, ChangedMeanwhileError) for result in results) == [False, True]


def test_two_workers_release_one_batch_at_the_same_moment(ready, database):
    batch = ready.send()
    ready.clock.forward(seconds=11)
    batch_id, now = batch.id, ready.now
    at_once(ready, database, *[lambda session: create.release(session, batch_id, now=now).state] * 2)
    ready.session.expire_all()
    assert len(ready.messages("referral")) == 1
    assert len(ready.messages("agency_new")) == 1


def test_the_same_item_opened_twice_at_the_same_moment_is_one_item(ready, database):
    about = About(WhyCode.PATIENT_WANTS_CALL, ready.cast.rosa.id, ready.cast.org.id)

    def open_item(session):
        return worklist.open_item(session, about, due_at=ready.now, now=ready.now).id

    first, second = at_once(ready, database, open_item, open_item)
    assert first == second
    assert ready.as_dana().scalar(select(func.count()).select_from(WorklistItem)) == 1
    assert tenancy.actor_of(ready.session).org_id == ready.cast.org.id


def test_two_workers_fire_one_row_at_the_same_moment(ready, database):
    ready.sent()
    ready.clock.forward(days=2)
    now = ready.now
    (plan,) = [one for one in follow_up.planned(ready.as_clock(), now=now) if not one.superseded]

    def work(session):
        tenancy.act_as(session, tenancy.system(kind=ActorKind.CLOCK))
        return follow_up.fire_row(session, plan, now=now)

    assert sorted(at_once(ready, database, work, work)) == ["taken", "told"]
    ready.session.expire_all()
    assert len(ready.messages("agency_reminder")) == 1


def test_an_agency_answers_while_the_navigator_withdraws(ready, database):
    (referral,) = ready.sent()
    referral_id, version, now = referral.id, referral.version, ready.now

    def move(to, who, key, **said):
        return lambda session: (
            progress.move(
                session, referral_id, to=to, by=who, key=key, now=now, said=Said(**said), expected_version=version
            ).referral.state
        )

    yes, stop = at_once(
        ready,
        database,
        move(ReferralState.ACCEPTED, by.AGENCY_LINK, "yes"),
        move(ReferralState.WITHDRAWN, by.NAVIGATOR, "stop", reason=Reason.CLIENT_DECLINED),
    )
    assert sorted(isinstance(result, ChangedMeanwhileError) for result in (yes, stop)) == [False, True]
    ready.session.expire_all()
    (won,) = [result for result in (yes, stop) if not isinstance(result, ChangedMeanwhileError)]
    assert ready.as_dana().get_one(Referral, referral_id).state is won


def test_the_wrong_button_is_taken_back_by_two_hands_and_one_referral_opens(ready, database):
    (referral,) = ready.sent()
    progress.move(
        ready.as_dana(), referral.id, to=ReferralState.WITHDRAWN, by=by.NAVIGATOR, key="w", now=ready.now,
        said=Said(reason=Reason.WRONG_SERVICE),
    )  # fmt: skip
    referral_id, now = referral.id, ready.now

    def back(key):
        return lambda session: corrections.undo(session, referral_id, by=by.NAVIGATOR, key=key, now=now).id

    results = at_once(ready, database, back("one"), back("two"))
    assert sorted(isinstance(result, TooLateError) for result in results) == [False, True]
    assert ready.as_dana().scalar(select(func.count()).select_from(Referral)) == 2


def test_two_administrators_set_a_pace_at_the_same_moment_and_one_of_them_holds(ready, database):
    org_id, now = ready.cast.org.id, ready.now

    def save(days):
        return lambda session: paces.save(
            session, org_id=org_id, organization_id=None, days={(Step.NOTICE_2, Priority.ROUTINE): days}, now=now
        )

    assert at_once(ready, database, save(1), save(3)) == [None, None]
    ready.session.expire_all()
    assert len(paces.listed(ready.as_dana(), org_id)) == 1
