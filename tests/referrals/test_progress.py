"""The one door: moves, races, corrections, and what follows from them."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from referrals import by, consent, corrections, events, lifecycle, links, progress, revocation
from referrals.by import By
from referrals.errors import ChangedMeanwhileError, MoveRefusedError, NotFoundError, TooLateError
from referrals.lifecycle import RefusalCode
from referrals.progress import Said
from resources_db import tenancy
from resources_db.models.curation import CapacityStatement, SearchChange
from resources_db.models.referrals import Referral, ReferralEvent, ReferralTask
from resources_db.tenancy import act_as
from resources_db.vocab import Channel, EventKind, LinkPurpose, Reason, ReferralState, Side
from tests import factories
from tests.referrals.conftest import World

S = ReferralState
PHONE = By(Side.NAVIGATOR, Channel.PHONE, "phone: Denise")


def move(world: World, referral: Referral, to: S, key: str, *, who: By = by.AGENCY_LINK, **said):
    expected = said.pop("expected_version", None)
    return progress.move(
        world.as_agency(),
        referral.id,
        to=to,
        by=who,
        key=key,
        now=world.now,
        said=Said(**said),
        expected_version=expected,
    )


def test_an_answer_is_an_event_and_the_row_follows(ready):
    (referral,) = ready.sent()
    ready.clock.forward(hours=3)
    moved = move(ready, referral, S.ACCEPTED, "a")
    assert moved.referral.state is S.ACCEPTED
    assert moved.referral.answered_at == ready.now
    assert [(event.from_state, event.to_state, event.side) for event in moved.events] == [
        (S.SENT, S.ACCEPTED, Side.AGENCY)
    ]


def test_the_same_form_twice_is_one_answer(ready):
    (referral,) = ready.sent()
    move(ready, referral, S.ACCEPTED, "a")
    again = move(ready, referral, S.ACCEPTED, "a")
    assert again.already
    assert len(events.of(ready.session, referral.id)) == 2


def test_the_same_state_by_a_new_form_is_a_note(ready):
    (referral,) = ready.sent()
    move(ready, referral, S.ACCEPTED, "a")
    noted = move(ready, referral, S.ACCEPTED, "b", text="Come Monday")
    assert [event.kind for event in noted.events] == [EventKind.NOTE]
    assert noted.events[0].text == "Come Monday"
    assert noted.referral.version == referral.version


def test_helped_at_once_writes_the_yes_and_the_help_with_one_root(ready):
    (referral,) = ready.sent()
    moved = move(ready, referral, S.SERVED, "a")
    assert [event.to_state for event in moved.events] == [S.ACCEPTED, S.SERVED]
    assert [event.idempotency_key for event in moved.events] == ["a:accepted", "a"]
    assert moved.referral.terminal_at == ready.now


@pytest.mark.bad_input(64)
def test_a_skipped_state_is_refused_with_what_is_possible(ready):
    (referral,) = ready.sent()
    with pytest.raises(MoveRefusedError) as refused:
        move(ready, referral, S.MISSED, "a")
    assert refused.value.refusal.code is RefusalCode.NO_SUCH_MOVE
    assert S.ACCEPTED in refused.value.refusal.possible


@pytest.mark.bad_input(119)
def test_two_answers_at_the_same_moment_the_second_is_told_who_was_first(ready):
    (referral,) = ready.sent()
    seen_by_both = referral.version
    move(
        ready,
        referral,
        S.ACCEPTED,
        "denise",
        who=By(Side.AGENCY, Channel.LINK, "Denise"),
        expected_version=seen_by_both,
    )
    with pytest.raises(ChangedMeanwhileError) as lost:
        move(ready, referral, S.DECLINED, "tom", reason=Reason.NO_CAPACITY, expected_version=seen_by_both)
    assert (lost.value.state, lost.value.said_by, lost.value.at) == (S.ACCEPTED, "Denise", ready.now)
    assert referral.state is S.ACCEPTED


def test_two_transactions_at_once_let_one_win(ready, database):
    (referral,) = ready.sent()
    ready.session.commit()
    first, second = (database.writing(tenancy.system(referral.org_id)) for _ in range(2))
    version = referral.version
    with first, second:
        progress.move(
            first, referral.id, to=S.ACCEPTED, by=by.AGENCY_LINK, key="1", now=ready.now, expected_version=version
        )
        first.commit()
        with pytest.raises(ChangedMeanwhileError):
            progress.move(
                second, referral.id, to=S.ACCEPTED, by=by.AGENCY_SMS, key="2", now=ready.now, expected_version=version
            )


def test_a_foreign_referral_is_a_missing_one(ready):
    (referral,) = ready.sent()
    other = factories.make_org(act_as(ready.session, tenancy.system()), now=ready.now, name="Other Care")
    act_as(ready.session, tenancy.system(other.id))
    ready.session.expire_all()
    with pytest.raises(NotFoundError):
        progress.move(ready.session, referral.id, to=S.ACCEPTED, by=by.AGENCY_LINK, key="a", now=ready.now)


def test_events_cannot_be_changed_or_deleted(ready):
    (referral,) = ready.sent()
    for statement in ("UPDATE referral_event SET said_by = 'x'", "DELETE FROM referral_event"):
        with pytest.raises(DBAPIError), ready.session.begin_nested():
            ready.session.execute(text(statement))
    assert len(events.of(ready.as_dana(), referral.id)) == 1


def test_a_full_agency_says_so_on_its_listing_and_on_the_worklist(ready):
    (referral,) = ready.sent()
    move(ready, referral, S.DECLINED, "a", reason=Reason.NO_CAPACITY)
    assert ready.whys() == ["agency_full"]
    (item,) = ready.items()
    assert item.facts["agency"] == "Hope Pantry"
    assert item.owner_id == ready.cast.dana.id
    said = ready.session.scalars(select(CapacityStatement)).one()
    assert (said.state.value, said.said_by) == ("full", "agency")
    changed = ready.session.scalars(select(SearchChange.service_id)).all()
    assert referral.service_id in changed


def test_an_answer_ends_the_agencys_clock_and_begins_the_next_one(ready):
    (referral,) = ready.sent()
    move(ready, referral, S.ACCEPTED, "a")
    open_tasks = ready.session.scalars(select(ReferralTask).where(ReferralTask.done_at.is_(None))).all()
    kinds = sorted(task.kind.value for task in open_tasks)
    assert kinds == ["ask_day_10", "ask_day_3", "first_contact", "silent_after_yes", "tell_patient"]


def test_withdrawing_tells_the_agency_and_keeps_its_link_for_a_neutral_page(ready):
    (referral,) = ready.sent()
    progress.move(
        ready.as_dana(), referral.id, to=S.WITHDRAWN, by=by.NAVIGATOR, key="w", now=ready.now,
        said=Said(reason=Reason.CLIENT_DECLINED),
    )  # fmt: skip
    (stop,) = ready.messages("agency_stop")
    assert "do not contact" in stop.body
    assert referral.terminal_at == ready.now


def test_the_links_of_a_wrong_patient_close_at_once(ready):
    (referral,) = ready.sent()
    link, token = links.issue(
        ready.as_dana(), links.Subject(LinkPurpose.AGENCY, "referral", referral.id, referral.org_id), now=ready.now
    )
    progress.move(
        ready.as_dana(), referral.id, to=S.WITHDRAWN, by=by.NAVIGATOR, key="w", now=ready.now,
        said=Said(reason=Reason.WRONG_PATIENT),
    )  # fmt: skip
    assert links.find(ready.session, token, now=ready.now) is None
    assert link.subject_id == referral.id


def test_revoked_consent_withdraws_what_is_open_and_tells_the_agencies(ready):
    pantry, kitchen = ready.sent(ready.cast.food_bank, ready.kitchen)
    move(ready, kitchen, S.SERVED, "k")
    (standing,) = consent.standing(ready.as_dana(), ready.cast.rosa.id, now=ready.now)
    revocation.revoke(ready.session, standing.id, how="phone", now=ready.now)
    ready.session.refresh(pantry)
    ready.session.refresh(kitchen)
    assert (pantry.state, pantry.reason) == (S.WITHDRAWN, Reason.CONSENT_REVOKED)
    assert kitchen.state is S.SERVED
    assert len(ready.messages("agency_stop")) == 1


def no_response(world: World) -> Referral:
    (referral,) = world.sent()
    progress.move(world.as_clock(), referral.id, to=S.NO_RESPONSE, by=by.CLOCK, key="clock", now=world.now)
    return referral


def test_a_late_yes_opens_a_new_referral_and_leaves_the_old_one_as_it_was(ready):
    old = no_response(ready)
    moved = corrections.move(ready.as_agency(), old.id, to=S.ACCEPTED, by=by.AGENCY_LINK, key="late", now=ready.now)
    new = moved.referral
    assert (new.correction_of, new.state, new.sent_at) == (old.id, S.ACCEPTED, old.sent_at)
    assert old.state is S.NO_RESPONSE
    assert corrections.newest_of(ready.session, old.id) == new.id
    again = corrections.move(ready.as_agency(), old.id, to=S.ACCEPTED, by=by.AGENCY_LINK, key="late", now=ready.now)
    assert again.already


def test_a_late_word_after_revoked_consent_becomes_a_note_and_an_item(ready):
    old = no_response(ready)
    (standing,) = consent.standing(ready.as_dana(), ready.cast.rosa.id, now=ready.now)
    revocation.revoke(ready.session, standing.id, how="phone", now=ready.now)
    moved = corrections.move(ready.as_agency(), old.id, to=S.ACCEPTED, by=by.AGENCY_LINK, key="late", now=ready.now)
    assert moved.referral.id == old.id
    assert moved.events[0].facts == {"late": "accepted"}
    assert "late_answer" in ready.whys()


def test_a_wrong_press_can_be_taken_back_for_ten_minutes(ready):
    (referral,) = ready.sent()
    move(ready, referral, S.DECLINED, "a", reason=Reason.NOT_ELIGIBLE)
    ready.clock.forward(minutes=9)
    new = corrections.undo(ready.as_agency(), referral.id, by=by.AGENCY_LINK, key="oops", now=ready.now)
    assert (new.state, new.correction_of) == (S.SENT, referral.id)
    assert referral.state is S.DECLINED


def test_a_wrong_yes_is_set_aside_without_a_stop_notice(ready):
    (referral,) = ready.sent()
    move(ready, referral, S.ACCEPTED, "a")
    new = corrections.undo(ready.as_agency(), referral.id, by=by.AGENCY_LINK, key="oops", now=ready.now)
    assert new.state is S.SENT
    ready.session.refresh(referral)
    assert (referral.state, referral.reason) == (S.WITHDRAWN, Reason.DUPLICATE)
    assert ready.messages("agency_stop") == []


def test_after_ten_minutes_it_is_too_late_to_take_back(ready):
    (referral,) = ready.sent()
    move(ready, referral, S.ACCEPTED, "a")
    ready.clock.forward(minutes=11)
    with pytest.raises(TooLateError):
        corrections.undo(ready.as_agency(), referral.id, by=by.AGENCY_LINK, key="oops", now=ready.now)


def test_the_state_is_the_fold_of_the_moves(ready):
    (referral,) = ready.sent()
    for number, to in enumerate((S.SEEN, S.ACCEPTED, S.CONTACTING, S.CONTACTING, S.RECEIVING, S.SERVED)):
        move(ready, referral, to, str(number))
    history = events.of(ready.session, referral.id)
    assert events.fold(history) is referral.state is S.SERVED
    assert [event.seq for event in history] == list(range(1, 8))
    assert referral.state in lifecycle.TERMINAL


def test_looking_at_events_writes_nothing(ready):
    (referral,) = ready.sent()
    ready.session.commit()
    for _ in range(20):
        events.of(ready.as_dana(), referral.id)
        progress.present(ready.session, referral)
    assert not ready.session.dirty
    assert not ready.session.new
    assert len(ready.session.scalars(select(ReferralEvent)).all()) == 1
