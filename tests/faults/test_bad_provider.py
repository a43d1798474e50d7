"""A provider that throttles, fails after accepting, cannot be found or does not answer: all arrive once."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from messaging import outbox, phone, suppression
from resources_db import tenancy
from resources_db.models.messages import Message
from resources_db.vocab import SuppressionWhy
from tests.conftest import NOW
from tests.faults import drain
from tests.faults.drain import FULL, PHONES, short_form_on

TEXTS, FULL_TEXTS = 40, 200
KINDS = {
    "fault": {"fault": 0.2},
    "reset": {"reset": 0.2},
    "hang": {"hang": 0.2},
    "drop": {"drop": 0.2},
    "all": {"fault": 0.06, "reset": 0.06, "hang": 0.06, "drop": 0.06, "storm": 0.1},
}


@pytest.fixture
def texts(full):
    return FULL_TEXTS if full else TEXTS


@pytest.fixture
def drained(database, org_id, company, mischief, workers, texts, figure):
    """Empty the queue, tell the figure, and hold it to nothing lost and nothing doubled."""

    def drained():
        begun = time.monotonic()
        drain.promise(database, org_id, range(texts))
        workers.start("local" if database.is_sqlite else "worker-0")
        drain.wait_until_all_accepted(database)
        found = drain.count(database, company, texts)
        figure(f"{found}, {mischief.posts} posts, {time.monotonic() - begun:.0f} s")
        assert (found.lost, found.doubled, found.kinds["dup_sid"]) == (0, 0, 0)
        return found

    return drained


@pytest.mark.faults
@pytest.mark.bad_input(26)
@short_form_on("postgresql")
@pytest.mark.parametrize("share", [0.1, 0.4] if FULL else [0.2])
def test_storms_of_too_many_requests_are_waited_out(mischief, drained, texts, share):
    mischief.storm = share
    found = drained()
    assert found.kinds["throttled"] > 0
    # those already on their way when the storm began may still arrive in it; nobody sets out into it
    assert mischief.too_soon <= 8 * found.kinds["throttled"]
    assert mischief.posts <= texts + found.kinds["throttled"]


@pytest.mark.faults
@pytest.mark.parametrize("kind", KINDS if FULL else ["all"])
def test_posts_without_a_usable_answer_are_looked_up_and_never_blindly_repeated(mischief, drained, texts, kind):
    for name, share in KINDS[kind].items():
        setattr(mischief, name, share)
    found = drained()
    assert found.kinds["adopted"] + found.kinds["not_found"] >= found.kinds["in_doubt"] > 0


@pytest.mark.faults
@short_form_on("sqlite")
def test_while_the_name_of_the_provider_is_not_found_nothing_is_in_doubt(
    database, org_id, company, mischief, workers, trouble, texts, figure
):
    (trouble / "no-names").touch()
    drain.promise(database, org_id, range(texts))
    workers.start("local" if database.is_sqlite else "worker-0")
    drain.wait_until(lambda: drain.count(database, company, texts).kinds["not_sent"] >= 4)
    assert (mischief.posts, drain.count(database, company, texts).kinds["in_doubt"]) == (0, 0)
    (trouble / "no-names").unlink()
    drain.wait_until_all_accepted(database)
    found = drain.count(database, company, texts)
    figure(f"{found}, tried in vain {found.kinds['not_sent']} times")
    assert (found.lost, found.doubled) == (0, 0)


@pytest.mark.faults
@short_form_on("postgresql")
def test_stop_and_undo_between_promise_and_sending_mean_no_call(database, org_id, company, workers, full, figure):
    rounds = 10 if full else 2
    workers.start("local" if database.is_sqlite else "worker-0")
    texts = rounds * len(PHONES)
    # as the undo of ten seconds, shorter: each is due a moment after its promise
    drain.promise(database, org_id, range(texts), delay=timedelta(seconds=5))
    stopped, undone = set(PHONES[::2]), set(PHONES[1::4])
    with database.writing(tenancy.system()) as session, session.begin():
        for number in stopped:
            suppression.suppress(session, phone.index(number), SuppressionWhy.STOP_WORD, NOW)
        waiting = select(Message).where(Message.to_bix.in_([phone.index(one) for one in undone]))
        for message in session.scalars(waiting).all():
            assert outbox.cancel(session, message, NOW)
    drain.wait_until(lambda: "queued" not in drain.undone(database) and "sending" not in drain.undone(database))
    reached = Counter(text.receiver for text in company.store.listed(limit=100_000))
    calls = sum(reached[number] for number in stopped | undone)
    figure(f"{texts} texts, {drain.undone(database)}, {calls} calls for those who had stopped or were undone")
    assert calls == 0
    assert sum(reached.values()) == rounds * (len(PHONES) - len(stopped | undone))
