"""`handrail referral`: shows and moves by the one door, prints nothing of a person, refuses with the sentence why."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from portal import wiring
from portal.commands import referral as command
from resources_db.models.referrals import Referral, ReferralEvent
from resources_db.tenancy import system
from resources_db.vocab import Channel, ReferralState
from tests import factories
from tests.portal.caseload_world import press_send, release_all, rows

S = ReferralState


@pytest.fixture
def sent(dana, world, runtime, clock, monkeypatch):
    press_send(dana, world)
    release_all(runtime, clock)
    monkeypatch.setattr(wiring, "build", lambda _settings: runtime)
    monkeypatch.setattr(command.wiring, "build", lambda _settings: runtime)
    monkeypatch.setattr(type(runtime), "open_keys", lambda _self: None)
    monkeypatch.setattr(type(runtime), "close", lambda _self: None)
    return rows(runtime, Referral)[0]


def run(*words):
    return CliRunner().invoke(command.referral, list(words))


def test_it_shows_where_a_referral_stands_without_naming_anybody(sent, world):
    done = run("show", sent.ref.lower())
    assert done.exit_code == 0, done.output
    assert f"{sent.ref}  Hope Pantry  sent" in done.output
    assert "draft -> sent" in done.output
    assert "declined needs a reason: no-capacity" in done.output
    for personal in ("Rosa", "Martinez", world.rosa.phone, "food_pantry"):
        assert personal not in done.output


def test_it_moves_through_the_one_door_and_says_by_whom(sent, runtime):
    done = run("move", sent.ref, "--to", "served", "--said-by", "phone: Denise", "--key", "script-1")
    assert done.output.strip() == f"{sent.ref} is served now."
    moves = [one for one in rows(runtime, ReferralEvent) if one.channel is Channel.CLI]
    assert [(one.to_state, one.said_by) for one in sorted(moves, key=lambda one: one.seq)] == [
        (S.ACCEPTED, "phone: Denise"),
        (S.SERVED, "phone: Denise"),
    ]
    again = run("move", sent.ref, "--to", "served", "--said-by", "phone: Denise", "--key", "script-1")
    assert "nothing was changed" in again.output
    assert "Denise" not in again.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--to", "served"), "Write who at the agency said it"),
        (("--to", "seen"), "Only the agency can say this"),
        (("--to", "no_response"), "Only the agency can say this"),
        (("--to", "error"), "This step is not possible"),
        (("--to", "declined", "--said-by", "x"), "Choose a reason."),
        (("--to", "scheduled", "--said-by", "x", "--date", "soon"), "Type the date as year-month-day."),
    ],
)
def test_a_refusal_is_the_sentence_and_what_is_possible(sent, runtime, words, sentence):
    done = run("move", sent.ref, *words)
    assert done.exit_code == 1
    assert sentence in done.output
    assert rows(runtime, Referral)[0].state is S.SENT


def test_letters_nobody_has_are_one_sentence_also_with_the_wrong_organization(sent, runtime, clock):
    assert "No referral has these letters." in run("show", "ZZZZ").output
    with runtime.database.writing(system()) as session, session.begin():
        factories.make_org(session, now=clock(), name="Elsewhere")
    assert "No referral has these letters." in run("show", sent.ref, "--org", "Elsewhere").output
    assert run("show", sent.ref, "--org", "Riverside Care").exit_code == 0
