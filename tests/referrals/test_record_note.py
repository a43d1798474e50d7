"""The note for the health record, as whole files: `notes/*.txt` are what a navigator pastes."""

from __future__ import annotations

import json
import unicodedata
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals import (
    by,
    check_ins,
    consent,
    goals,
    need_codes,
    needs,
    note_lines,
    people,
    progress,
    record_note,
)
from referrals.consent import ConsentForm, Recipient
from referrals.record_note import Choice
from resources_db.models.care import Screening, ScreeningAnswer
from resources_db.models.people import Need
from resources_db.models.referrals import Referral
from resources_db.vocab import (
    ConsentMethod,
    HelpWanted,
    NeedSource,
    NeedStatus,
    Reason,
    ReferralState,
    ScreeningState,
)
from tests import factories
from tests.referrals.conftest import World

YES, NO = (json.dumps([{"valueCoding": {"code": code}}]) for code in ("yes", "no"))
NOTES = Path(__file__).parent / "notes"
lines = st.lists(st.text(alphabet="abc ", min_size=1, max_size=200).map(str.strip).filter(bool), max_size=12)


def note(world: World, choice: Choice = record_note.ALL) -> str:
    return record_note.write(
        world.as_dana(), world.cast.rosa.id, navigator_id=world.cast.dana.id, now=world.now, choice=choice
    )


def same_as(name: str, text: str) -> None:
    """The note is the file; and every note holds the two rules of its shape."""
    assert len(text.splitlines()) <= note_lines.LINES
    assert all(len(line) <= note_lines.COLUMNS for line in text.splitlines())
    assert text == (NOTES / f"{name}.txt").read_text("utf-8")


def need(world: World, subneed: str) -> Need:
    return needs.add(
        world.as_dana(),
        patient_id=world.cast.rosa.id,
        org_id=world.cast.org.id,
        subneed=subneed,
        source=NeedSource.TALK,
        now=world.now,
    )


def may_stand_in_the_chart(world: World) -> None:
    form = ConsentForm(
        recipients=(Recipient(domain="behavioral_health"),),
        method=ConsentMethod.PAPER_SCAN,
        language="es",
        flags=(consent.BEHAVIORAL, record_note.CHART),
    )
    consent.record(world.as_dana(), patient_id=world.cast.rosa.id, form=form, now=world.now)


def screened(world: World, instrument: str, item: str, value: str, wanted: HelpWanted, *, positive: bool) -> None:
    session, at = world.as_dana(), world.now - timedelta(days=2)
    row = Screening(
        org_id=world.cast.org.id,
        patient_id=world.cast.rosa.id,
        instrument=instrument,
        instrument_version="1",
        language="es",
        asked_by="staff",
        state=ScreeningState.DONE,
        idempotency_key=f"screening-{instrument}-{item}",
        finished_at=at,
        created_at=at,
    )
    session.add(row)
    session.flush()
    session.add(
        ScreeningAnswer(
            org_id=row.org_id,
            screening_id=row.id,
            item=item,
            value=value,
            positive=positive,
            help_wanted=wanted,
            at=at,
        )
    )
    session.flush()


def move(world: World, referral: Referral, to: ReferralState, reason: Reason | None = None) -> None:
    said = progress.Said(reason=reason)
    key = f"key:{referral.id}:{to}"
    progress.move(world.as_agency(), referral.id, to=to, by=by.AGENCY_LINK, key=key, now=world.now, said=said)


def test_nothing_written_down_yet(world: World) -> None:
    same_as("none", note(world))


def test_one_need_with_two_places(ready: World) -> None:
    need(ready, "food_pantry")
    [first] = ready.sent(ready.cast.food_bank)
    [second] = ready.sent(ready.kitchen, form="form-key-000000000002")
    ready.clock.forward(days=1)
    move(ready, first, ReferralState.ACCEPTED)
    move(ready, second, ReferralState.DECLINED, Reason.NO_CAPACITY)
    same_as("one_need", note(ready))


def test_many_needs_are_cut_and_the_last_lines_stay(ready: World) -> None:
    for subneed in ("food_pantry", "hot_meals", "wic", "snap", "energy_bill", "rent_help", "medical_ride"):
        need(ready, subneed)
    for subneed in ("job_search", "bus_pass", "diapers", "child_care", "legal_aid", "clothing", "tax_help"):
        need(ready, subneed)
    same_as("many", note(ready))


def test_a_sensitive_need_is_left_out_also_when_ticked_without_an_agreement_for_the_chart(ready: World) -> None:
    need(ready, "food_pantry")
    sensitive = need(ready, "counseling")
    text = note(ready, Choice(ticked=frozenset({sensitive.id})))
    same_as("sensitive_left_out", text)
    assert [
        (one.subneed, one.allowed) for one in record_note.ticks(ready.session, ready.cast.rosa.id, now=ready.now)
    ] == [("counseling", False)]


def test_a_sensitive_need_that_was_ticked_stands_where_the_chart_may_hold_it(ready: World) -> None:
    sensitive = need(ready, "counseling")
    need(ready, "detox")
    may_stand_in_the_chart(ready)
    assert "Counseling" not in note(ready)
    same_as("sensitive_ticked", note(ready, Choice(ticked=frozenset({sensitive.id}))))


def test_a_part_2_need_is_not_covered_by_an_agreement_about_counseling(ready: World) -> None:
    part2 = need(ready, "detox")
    may_stand_in_the_chart(ready)
    assert "etox" not in note(ready, Choice(ticked=frozenset({part2.id})))


def test_safety_never_stands_in_the_chart(ready: World) -> None:
    safety = need(ready, "dv_safety")
    may_stand_in_the_chart(ready)
    text = note(ready, Choice(ticked=frozenset({safety.id})))
    assert "afety" not in text


def test_a_screening_is_one_line_and_help_wanted_is_another_fact(ready: World) -> None:
    screened(ready, "handrail-needs-check", "food", YES, HelpWanted.NO, positive=True)
    same_as("screening", note(ready))


def test_no_risk_is_never_written(ready: World) -> None:
    screened(ready, "handrail-needs-check", "food", NO, HelpWanted.UNKNOWN, positive=False)
    [line] = [one for one in note(ready).splitlines() if one.startswith("Screen")]
    assert line.endswith(str((ready.now - timedelta(days=2)).date()))


def test_goals_stand_in_the_persons_words_on_one_line(ready: World) -> None:
    own = need(ready, "food_pantry")
    secret = need(ready, "counseling")
    for words, of in (
        ("Comer con mis hijos\ncada noche " + "y siempre " * 20, own.id),
        ("Dormir sin miedo", secret.id),
        ("Caminar cada día", None),
    ):
        goals.add(
            ready.session,
            patient_id=ready.cast.rosa.id,
            words=words,
            language="es",
            need_id=of,
            target_on=date(2026, 12, 24),
            now=ready.clock.forward(seconds=1),
        )
    same_as("goals", note(ready))


def test_a_confirmed_code_is_told_from_a_suggestion(ready: World) -> None:
    need_codes.confirm(ready.as_dana(), need(ready, "food_pantry"), "Z59.41", now=ready.now)
    need(ready, "energy_bill")
    same_as("codes", note(ready))


def test_a_note_of_one_need_says_nothing_of_the_others(ready: World) -> None:
    one = need(ready, "food_pantry")
    need(ready, "energy_bill")
    screened(ready, "handrail-needs-check", "food", YES, HelpWanted.YES, positive=True)
    text = note(ready, Choice(need_id=one.id))
    assert "Food pantry" in text
    assert "electric" not in text
    assert "Screen" not in text


def test_a_need_that_was_settled_long_ago_is_not_told_again(ready: World) -> None:
    old = need(ready, "food_pantry")
    needs.set_status(ready.session, old, NeedStatus.MET, method="talk", now=ready.now)
    assert "Food pantry" in note(ready)
    ready.clock.forward(days=31)
    assert "Food pantry" not in note(ready)


def test_the_next_text_to_the_patient_is_the_next_step(ready: World) -> None:
    batch = ready.release(ready.send())
    check_ins.plan(
        ready.as_dana(), patient_id=ready.cast.rosa.id, batch_id=batch.id, day=date(2026, 11, 24), now=ready.now
    )
    assert "Next: ask patient 2026-11-24." in note(ready)


def test_the_way_home_is_dated(ready: World) -> None:
    people.get(ready.as_dana(), ready.cast.rosa.id).discharged_at = ready.now - timedelta(days=1)
    assert "Home from hospital: 2026-11-22" in note(ready)


def test_a_place_that_is_sensitive_is_not_named_under_a_need_that_is_not(ready: World) -> None:
    [referral] = ready.sent()
    referral.sensitive = True
    assert "Hope Pantry" not in note(ready)


@given(head=lines.map(lambda some: some[:3]), blocks=st.lists(lines.filter(bool), max_size=20), goal_lines=lines)
def test_any_note_fits_and_keeps_its_last_lines(
    head: list[str], blocks: list[list[str]], goal_lines: list[str]
) -> None:
    head = [one[:80] for one in head]
    needs_of = [note_lines.Block(block[0][:160], block[0][:40], tuple(block[1:])) for block in blocks]
    found = note_lines.fitted(head, needs_of, goal_lines, ["consent", "next"])
    assert len(found) <= note_lines.LINES
    assert all(len(line) <= note_lines.COLUMNS for line in found)
    assert found[-2:] == ["consent", "next"]
    assert found[: len(head)] == head


@given(st.text())
def test_words_of_people_never_steer_the_note(words: str) -> None:
    assert not any(unicodedata.category(letter) in note_lines.STEERING for letter in note_lines.plain(words))


def test_a_place_is_named_as_the_directory_has_it_without_breaking_the_line(ready: World) -> None:
    odd = factories.make_listing(ready.session, now=ready.now, name="Hope\n\u202eKitchen", needs=["hot_meals"])
    ready.sent(odd)
    assert "Hope Kitchen" in note(ready)


@pytest.mark.parametrize("name", sorted(path.stem for path in NOTES.glob("*.txt")))
def test_every_file_is_a_note_that_fits(name: str) -> None:
    text = (NOTES / f"{name}.txt").read_text("utf-8")
    assert text.startswith("SOCIAL NEEDS REFERRAL NOTE")
    assert len(text.splitlines()) <= note_lines.LINES
