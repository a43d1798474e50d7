"""Counted tries: shared by all processes, counted even when the request fails, exact when many come at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from resources_db import limits
from resources_db.limits import Limit
from resources_db.models.access import RateLimit

FIVE = Limit("test", 5, timedelta(minutes=15))


def test_the_sixth_try_is_refused_until_the_window_is_over(database, clock):
    verdicts = [limits.hit(database, FIVE, "somebody", now=clock()) for _ in range(6)]
    assert [verdict.allowed for verdict in verdicts] == [True] * 5 + [False]
    assert verdicts[-1].again_at == clock() + timedelta(minutes=15)
    clock.forward(minutes=15)
    assert limits.hit(database, FIVE, "somebody", now=clock()).allowed


def test_keys_and_limits_do_not_touch_each_other(database, clock):
    for _ in range(5):
        limits.hit(database, FIVE, "somebody", now=clock())
    assert limits.hit(database, FIVE, "another", now=clock()).n == 1
    assert limits.hit(database, Limit("other", 5, FIVE.window), "somebody", now=clock()).n == 1
    assert limits.count(database, FIVE, "somebody", now=clock()) == 5


@pytest.mark.bad_input(37)
def test_fifty_tries_at_once_count_fifty_and_five_pass(database, clock):
    with ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(lambda _: limits.hit(database, FIVE, "flood", now=clock()), range(50)))
    assert sorted(verdict.n for verdict in verdicts) == list(range(1, 51))
    assert sum(verdict.allowed for verdict in verdicts) == 5


def test_success_starts_anew_and_old_windows_are_swept(database, clock):
    limits.hit(database, FIVE, "somebody", now=clock())
    limits.forget(database, FIVE, "somebody")
    assert limits.count(database, FIVE, "somebody", now=clock()) == 0
    limits.hit(database, FIVE, "somebody", now=clock())
    limits.sweep(database, now=clock.forward(days=3))
    with database.reading() as session:
        assert session.scalars(select(RateLimit)).all() == []


def test_a_key_is_never_stored_in_clear(database, clock):
    limits.hit(database, FIVE, "203.0.113.77", now=clock())
    with database.reading() as session:
        assert b"203.0.113.77" not in session.scalars(select(RateLimit.key)).one()


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "unknown"),
        (None, "unknown"),
        ("evil", "unknown"),
    ],
)
def test_an_address_counts_as_its_network(address, key):
    assert limits.network_of(address) == key
