"""The tests' own ground: both databases are real and empty, and nothing leaves the machine."""

from __future__ import annotations

import socket

import pytest
from sqlalchemy import text

from resources_db import migrate
from tests.network import NetworkRefused


def test_every_database_test_runs_on_a_migrated_database(database):
    assert migrate.revision_of(database.engine) == migrate.head()


def test_a_test_starts_without_the_rows_of_another(session):
    assert session.execute(text("SELECT count(*) FROM org")).scalar_one() == 0


def test_a_test_cannot_call_a_stranger():
    with pytest.raises(NetworkRefused), socket.socket() as line:
        line.connect(("192.0.2.1", 80))


def test_a_test_cannot_look_up_a_name():
    with pytest.raises(NetworkRefused):
        socket.getaddrinfo("handrail.example", 443)


def test_the_cast_is_stored_and_its_names_are_not(cast, session):
    stored = session.execute(text("SELECT first_name_enc FROM patient")).scalars().all()
    assert cast.rosa.first_name == "Rosa"
    assert not any(b"Rosa" in bytes(value) for value in stored)
