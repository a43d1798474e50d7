"""Two hands at once, each with a transaction of its own: one effect, and both get the same kind answer."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sqlalchemy import func, select

from referrals import by, create, progress, worklist
from referrals.create import Choice
from referrals.errors import ChangedMeanwhileError, TooLateError
from referrals.worklist import About
from resources_db import tenancy
from resources_db.models.referrals import Referral, SendBatch, WorklistItem
from resources_db.vocab import BatchState, ReferralState, WhyCode
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
