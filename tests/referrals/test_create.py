"""One press of Send, from the page to the moment it leaves."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from referrals import consent, create, disclosure, links
from referrals.errors import NotSendableError, TooLateError, Why
from resources_db.listing_key import ListingKey
from resources_db.models.consents import Disclosure
from resources_db.models.directory import Location, ServiceAtLocation
from resources_db.models.people import Need
from resources_db.models.referrals import ReferralTask
from resources_db.vocab import BatchState, LinkPurpose, NeedStatus, ReferralState, TextingLevel
from tests import factories
from tests.referrals.conftest import FORM, World, key_of


def prepare(world: World, *places, **more):
    keys = [key_of(place) for place in places or (world.cast.food_bank,)]
    return create.prepare(
        world.as_dana(), patient_id=world.cast.rosa.id, keys=keys, form_key=FORM, now=world.now, **more
    )


def test_the_send_page_shows_the_exact_text_that_is_sent_later(ready):
    draft = prepare(ready, ready.cast.food_bank, ready.kitchen)
    batch = ready.send(ready.cast.food_bank, ready.kitchen)
    assert draft.sendable
    assert draft.text is not None
    assert draft.text.body == batch.body
    assert "https://hndrl.example/r/" in batch.body
    ready.release(batch)
    assert [message.body for message in ready.messages("referral")] == [draft.text.body]


def test_what_the_agency_will_see_is_limited_to_the_allow_list_of_the_need(ready):
    place = prepare(ready).places[0]
    assert place.subneed == "food_pantry"
    assert [field.value for field in place.fields] == ["first_name", "phone", "language", "zip"]
    assert place.person.first_name == "Rosa"
    assert place.person.last_name is None


def test_a_field_that_was_unticked_or_is_not_on_the_list_is_not_shared(ready):
    choice = create.Choice(key_of(ready.cast.food_bank), fields=frozenset({"first_name", "birth_date"}))
    batch = create.send(ready.as_dana(), patient_id=ready.cast.rosa.id, choices=[choice], form_key=FORM, now=ready.now)
    assert ready.referrals(batch)[0].shared_fields == ["first_name"]


def test_without_consent_the_page_says_so_and_send_is_refused(world):
    draft = prepare(world)
    assert not draft.sendable
    assert [place.problem for place in draft.missing_consent] == [Why.NO_CONSENT]
    with pytest.raises(NotSendableError) as refused:
        world.send()
    assert refused.value.why is Why.NO_CONSENT


def test_without_consent_to_text_the_referral_goes_and_no_text_does(world):
    world.agree()
    draft = prepare(world)
    assert draft.text is None
    assert draft.texting.why is Why.NO_TEXTING_CONSENT
    world.release(world.send())
    assert [message.purpose for message in world.messages()] == ["agency_new"]


def test_pressing_send_twice_sends_once(ready):
    first, second = ready.send(), ready.send()
    assert first.id == second.id
    assert ready.jobs.count(("release_batch", str(first.id))) == 1
    ready.release(first)
    ready.release(first)
    assert len(ready.messages("referral")) == 1
    assert len(ready.messages("agency_new")) == 1


def test_nothing_leaves_before_the_ten_seconds_are_over(ready):
    batch = ready.send()
    ready.release(batch, seconds=9)
    assert batch.state is BatchState.WAITING
    assert ready.messages("referral", "agency_new") == []
    assert ready.referrals(batch)[0].state is ReferralState.DRAFT


def test_undo_brings_everything_back_and_the_later_release_does_nothing(ready):
    batch = ready.send()
    create.undo(ready.as_dana(), batch.id, now=ready.now)
    ready.release(batch)
    assert batch.state is BatchState.UNDONE
    assert ready.messages("referral", "agency_new") == []
    assert ready.whys() == ["unsent_draft"]
    token = links.token_of_form(FORM)
    assert links.find(ready.as_clock(), token, now=ready.now) is None


def test_undo_after_the_release_says_that_it_is_too_late(ready):
    batch = ready.release(ready.send())
    with pytest.raises(TooLateError):
        create.undo(ready.as_dana(), batch.id, now=ready.now)


def test_sending_again_after_undo_takes_up_the_draft_and_drops_the_place_left_out(ready):
    first = ready.send(ready.cast.food_bank, ready.kitchen)
    pantry, kitchen = ready.referrals(first)
    create.undo(ready.as_dana(), first.id, now=ready.now)
    second = ready.send(ready.cast.food_bank, form="form-key-000000000002")
    assert [referral.id for referral in ready.referrals(second)] == [pantry.id]
    ready.session.refresh(kitchen)
    assert kitchen.state is ReferralState.ERROR
    assert ready.whys() == []


def test_consent_revoked_between_send_and_release_blocks_the_release_and_says_so(ready):
    batch = ready.send()
    standing = consent.standing(ready.as_dana(), ready.cast.rosa.id, now=ready.now)
    consent.take_back(ready.as_dana(), standing[0].id, how="phone", now=ready.now)
    ready.release(batch)
    assert batch.state is BatchState.BLOCKED
    assert batch.blocked_why == "no_consent"
    assert ready.messages("referral", "agency_new") == []
    assert ready.referrals(batch)[0].state is ReferralState.DRAFT
    assert ready.whys() == ["send_blocked"]


def test_release_opens_the_need_the_clocks_the_questions_and_the_disclosure(ready):
    (referral,) = ready.sent()
    assert referral.state is ReferralState.SENT
    assert referral.sent_at == ready.now
    need = ready.session.scalars(select(Need)).one()
    assert need.status is NeedStatus.IN_WORK
    kinds = sorted(task.kind.value for task in ready.session.scalars(select(ReferralTask)))
    assert kinds == ["agency_notice_2", "agency_notice_3", "agency_overdue", "ask_day_10", "ask_day_3", "no_response"]
    shown = ready.session.scalars(select(Disclosure)).one()
    assert shown.fields == ["first_name", "phone", "language", "zip"]
    assert shown.consent_id == referral.consent_id
    assert shown.recipient == disclosure.to_agency(referral.contact_id)


def test_the_patients_page_opens_with_the_link_of_the_text(ready):
    ready.sent()
    token = links.token_of_form(FORM)
    link = links.find(ready.as_clock(), token, now=ready.now, purpose=LinkPurpose.PATIENT)
    assert link is not None
    assert links.find(ready.session, token, now=ready.now, purpose=LinkPurpose.AGENCY) is None
    assert links.find(ready.session, token[:-1] + "x", now=ready.now) is None


def test_the_welcome_goes_first_and_the_referral_twenty_seconds_later(ready):
    ready.release(ready.send())
    welcome, referral = ready.messages("welcome")[0], ready.messages("referral")[0]
    assert (referral.due_at - welcome.created_at).total_seconds() == 20


def test_the_notice_to_the_agency_names_nobody_and_no_need(ready):
    ready.sent()
    (mail,) = ready.messages("agency_new")
    told = f"{mail.email_subject} {mail.body}".casefold()
    assert "hope pantry" in told
    assert not any(word in told for word in ("rosa", "martinez", "food", "513-555-0148"))


def test_one_attempt_with_a_service_at_a_time(ready):
    ready.sent()
    with pytest.raises(NotSendableError) as refused:
        ready.send(form="form-key-000000000002")
    assert refused.value.why is Why.ALREADY_OPEN


def test_two_places_of_one_service_are_named_and_never_dropped_in_silence(ready):
    food_bank = ready.cast.food_bank
    other = Location(
        organization_id=food_bank.organization.id, name="East", timezone="America/New_York", edited_at=ready.now
    )
    ready.session.add(other)
    ready.session.flush()
    ready.session.add(ServiceAtLocation(service_id=food_bank.service.id, location_id=other.id, edited_at=ready.now))
    ready.session.flush()
    keys = [key_of(food_bank), ListingKey(food_bank.service.id, other.id)]
    who = {"patient_id": ready.cast.rosa.id, "form_key": FORM, "now": ready.now}
    draft = create.prepare(ready.as_dana(), keys=keys, **who)
    assert sorted(str(place.problem) for place in draft.places) == ["None", "chosen_twice"]
    with pytest.raises(NotSendableError) as refused:
        create.send(ready.as_dana(), choices=[create.Choice(key) for key in keys], **who)
    assert refused.value.why is Why.CHOSEN_TWICE


def test_an_earlier_referral_for_the_same_need_is_a_warning_and_no_block(ready):
    (referral,) = ready.sent()
    draft = prepare(ready, ready.kitchen)
    assert draft.sendable
    assert [(warned.kind.value, warned.agency) for warned in draft.warnings] == [("same_need", "Hope Pantry")]
    assert draft.warnings[0].referral_id == referral.id


def test_safety_needs_never_leave_the_house(world):
    shelter = factories.make_listing(world.session, now=world.now, name="Safe Harbor", needs=["dv_safety"])
    world.agree("other")
    world.agree_to_texts()
    draft = prepare(world, shelter)
    assert draft.places[0].problem is Why.DIRECTORY_ONLY
    assert draft.text is None
    with pytest.raises(NotSendableError):
        world.send(shelter)


def test_a_place_that_also_shelters_from_violence_gets_nothing_about_anybody(world):
    shelter = factories.make_listing(
        world.session, now=world.now, name="Safe Harbor", needs=["emergency_shelter", "dv_safety"]
    )
    world.agree("housing")
    (place,) = prepare(world, shelter).places
    assert place.problem is Why.DIRECTORY_ONLY
    assert place.fields == ()


def test_a_general_consent_does_not_cover_substance_use_help(world):
    program = factories.make_listing(world.session, now=world.now, name="River Program", needs=["detox"])
    world.agree("behavioral_health")
    assert prepare(world, program).places[0].problem is Why.PART2_CONSENT


def test_details_are_texted_only_when_agreed_and_never_for_sensitive_needs(world):
    world.agree()
    world.agree_to_texts(TextingLevel.DETAILS)
    draft = prepare(world)
    assert draft.text is not None
    assert draft.text.purpose.value == "details"
    assert "Hope Pantry" in draft.text.body
    counselor = factories.make_listing(world.session, now=world.now, name="Talk Center", needs=["counseling"])
    world.agree("behavioral_health", flags=("behavioral",))
    neutral = prepare(world, counselor)
    assert neutral.text is not None
    assert "Talk Center" not in neutral.text.body


def test_at_night_the_page_says_when_the_text_goes_out(ready):
    ready.clock.forward(hours=12)
    draft = prepare(ready)
    assert draft.timing.quiet
    assert draft.timing.leaves_at > ready.now


def test_an_agency_without_a_contact_becomes_an_item_instead_of_vanishing(ready):
    ready.cast.food_bank.contact.ended_at = ready.now
    ready.sent()
    assert ready.whys() == ["notice_not_confirmed"]


def test_drafts_that_the_queue_forgot_are_found_by_the_sweep(ready):
    batch = ready.send()
    assert list(create.due_batches(ready.as_clock(), now=ready.now)) == []
    ready.clock.forward(seconds=30)
    assert list(create.due_batches(ready.as_clock(), now=ready.now)) == [batch.id]
