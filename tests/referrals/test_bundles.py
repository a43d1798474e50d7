"""Bundles: the samples, changing them, places found when one is used, and one send for all, once."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from referrals import bundle_places, bundle_use, bundles, check_ins, needs
from referrals.bundle_forms import CHECK_INS, FILTERS, OFFERED, SHIPPED, Form, Item
from referrals.bundle_use import Use
from referrals.bundles import BundleChangedError
from referrals.consent import PART2_NEEDS
from referrals.errors import BadInputError, NotFoundError, NotSendableError, Why
from resources_db import tenancy
from resources_db.models.care import Bundle
from resources_db.models.people import Need
from resources_db.models.referrals import Referral, SendBatch, ServiceRequest
from resources_db.tenancy import Actor, act_as
from resources_db.vocab import ActorKind, HelpWanted, NeedSource, Role, WhyCode
from tests import factories
from tests.referrals.conftest import World, key_of

KEY = "form-key-of-a-bundle-1"
FOOD = Form("Food at home", (Item("food_pantry"), Item("hot_meals", ("free",))))


def shipped(world: World, code: str) -> bundles.Kit:
    return next(kit for kit in bundles.of_org(world.as_dana()) if kit.shipped == code)


def food(world: World) -> bundles.Kit:
    return bundles.create(world.as_dana(), FOOD, now=world.now)


def finder(*places: factories.Listing) -> bundle_places.Finder:
    return lambda _wanted, *, limit, now: [key_of(one) for one in places]


def use(world: World, kit: bundles.Kit, places: dict[str, factories.Listing | None], **how: object) -> bundle_use.Used:
    chosen = {subneed: key_of(place) if place else None for subneed, place in places.items()}
    key = how.pop("key", KEY)
    wanted = Use(kit.id, kit.version, chosen, **how)  # type: ignore[arg-type]
    return bundle_use.use(world.as_dana(), world.cast.rosa.id, wanted, form_key=str(key), now=world.now)


def test_every_organization_has_the_samples_and_nothing_is_stored_for_them(world: World) -> None:
    found = bundles.of_org(world.as_dana())
    assert [kit.shipped for kit in found] == list(SHIPPED)
    assert {kit.name for kit in found} == {""}
    assert world.session.scalars(select(Bundle)).all() == []
    assert bundles.get(world.session, found[0].id) == found[0]


def test_the_samples_hold_only_what_a_bundle_may_hold() -> None:
    for form in SHIPPED.values():
        assert {item.subneed for item in form.items} <= set(OFFERED)
        assert set(form.check_ins) <= set(CHECK_INS)
    assert not {"dv_safety", *PART2_NEEDS} & set(OFFERED)


def test_a_changed_sample_keeps_its_address_and_its_name_comes_from_the_catalogs_until_it_gets_one(
    world: World,
) -> None:
    kit = shipped(world, "new_baby")
    fewer = Form("", kit.items[:2])
    changed = bundles.change(world.session, kit.id, fewer, version=kit.version, now=world.now)
    assert (changed.id, changed.name, changed.shipped, len(changed.items)) == (kit.id, "", "new_baby", 2)
    named = bundles.change(
        world.session, kit.id, Form("Our baby bundle", kit.items), version=changed.version, now=world.now
    )
    assert (named.id, named.name) == (kit.id, "Our baby bundle")
    assert len(bundles.of_org(world.session)) == len(SHIPPED)


def test_the_second_of_two_people_who_change_a_bundle_is_told(world: World) -> None:
    kit = food(world)
    bundles.change(world.session, kit.id, FOOD, version=kit.version, now=world.now)
    with pytest.raises(BundleChangedError):
        bundles.change(world.session, kit.id, FOOD, version=kit.version, now=world.now)


@pytest.mark.parametrize(
    ("form", "field", "problem"),
    [
        (Form(" ", FOOD.items), "name", "missing"),
        (Form("x" * 61, FOOD.items), "name", "too_long"),
        (Form("food AT home", FOOD.items), "name", "taken"),
        (Form("new_baby", FOOD.items), "name", "taken"),
        (Form("A", ()), "items", "missing"),
        (Form("A", tuple(Item(one) for one in OFFERED[:9])), "items", "too_many"),
        (Form("A", (Item("wic"), Item("wic"))), "items", "twice"),
        (Form("A", (Item("dv_safety"),)), "items", "not_possible"),
        (Form("A", (Item("detox"),)), "items", "not_possible"),
        (Form("A", (Item("wic", ("cheap",)),)), "items", "unknown_filter"),
        (Form("A", FOOD.items, check_ins=("1d",)), "check_ins", "unknown"),
    ],
)
def test_a_bundle_that_cannot_be_is_refused_by_its_field(world: World, form: Form, field: str, problem: str) -> None:
    food(world)
    with pytest.raises(BadInputError) as refused:
        bundles.create(world.session, form, now=world.now)
    assert (refused.value.field, refused.value.problem) == (field, problem)


def test_a_copy_gets_a_free_name_and_leaves_the_first_alone(world: World) -> None:
    kit = food(world)
    copies = [bundles.copy(world.session, kit.id, name="Food at home", now=world.now) for _ in range(2)]
    assert [one.name for one in copies] == ["Food at home 2", "Food at home 3"]
    assert copies[0].items == kit.items
    assert copies[0].shipped == ""


def test_what_is_put_away_is_offered_no_longer_and_comes_back(world: World) -> None:
    kit = shipped(world, "eviction")
    for _ in range(2):
        bundles.retire(world.session, kit.id, now=world.now)
    assert kit.id not in {one.id for one in bundles.of_org(world.session)}
    assert [one.id for one in bundles.of_org(world.session, retired=True)] == [kit.id]
    bundles.bring_back(world.session, kit.id, now=world.now)
    assert kit.id in {one.id for one in bundles.of_org(world.session)}


def test_bundles_of_another_organization_are_not_there(world: World) -> None:
    kit = food(world)
    other = factories.make_org(act_as(world.session, tenancy.system()), now=world.now, name="Elsewhere Care")
    act_as(world.session, Actor(ActorKind.USER, other.id, uuid.uuid4(), Role.SUPERVISOR, "Sam"))
    assert kit.id not in {one.id for one in bundles.of_org(world.session)}
    with pytest.raises(NotFoundError):
        bundles.get(world.session, kit.id)


def test_the_best_place_of_each_need_stands_first_and_no_service_stands_first_twice(ready: World) -> None:
    both = factories.make_listing(ready.session, now=ready.now, name="Both", needs=["food_pantry", "hot_meals"])
    kit = food(ready)
    find = finder(both, ready.cast.food_bank, ready.kitchen)
    pantry, meals = bundle_places.resolve(ready.session, ready.cast.rosa.id, kit, find, now=ready.now)
    assert [one.name for one in pantry.places] == ["Both", "Hope Pantry"]
    assert [one.name for one in meals.places] == ["St. Anne Kitchen"]


def test_a_place_that_offers_something_near_is_no_answer_to_a_bundle(ready: World) -> None:
    kit = food(ready)
    _pantry, meals = bundle_places.resolve(
        ready.session, ready.cast.rosa.id, kit, finder(ready.cast.food_bank), now=ready.now
    )
    assert meals.places == ()


def test_a_need_that_somebody_helps_with_or_nobody_wants_stays_out_at_first(ready: World) -> None:
    ready.sent()
    need = needs.add(
        ready.as_dana(),
        patient_id=ready.cast.rosa.id,
        org_id=ready.cast.org.id,
        subneed="hot_meals",
        source=NeedSource.TALK,
        now=ready.now,
    )
    needs.set_wanted(ready.session, need, HelpWanted.NO, now=ready.now)
    kit = food(ready)
    find = finder(ready.cast.food_bank, ready.kitchen)
    pantry, meals = bundle_places.resolve(ready.session, ready.cast.rosa.id, kit, find, now=ready.now)
    assert (pantry.agency, pantry.left_out) == ("Hope Pantry", True)
    assert (meals.not_wanted, meals.left_out) == (True, True)


def test_a_bundle_is_one_batch_one_text_and_a_referral_for_each_need(ready: World) -> None:
    kit = food(ready)
    used = use(ready, kit, {"food_pantry": ready.cast.food_bank, "hot_meals": ready.kitchen})
    assert used.batch is not None
    assert used.batch.bundle_id == kit.id
    ready.release(used.batch)
    assert len(ready.messages("referral", "details")) == 1
    ready.as_dana()
    rows = ready.session.execute(
        select(Need, Referral)
        .join(ServiceRequest, ServiceRequest.need_id == Need.id)
        .join(Referral, Referral.request_id == ServiceRequest.id)
    )
    assert {(needs.subneed_of(need), referral.service_id) for need, referral in rows} == {
        ("food_pantry", ready.cast.food_bank.service.id),
        ("hot_meals", ready.kitchen.service.id),
    }


def test_a_place_goes_to_the_need_it_was_chosen_for_not_to_another_it_could_answer(ready: World) -> None:
    both = factories.make_listing(ready.session, now=ready.now, name="Both", needs=["food_pantry", "hot_meals"])
    needs.add(
        ready.as_dana(),
        patient_id=ready.cast.rosa.id,
        org_id=ready.cast.org.id,
        subneed="food_pantry",
        source=NeedSource.TALK,
        now=ready.now,
    )
    used = use(ready, food(ready), {"hot_meals": both})
    assert used.batch is not None
    [referral] = ready.referrals(used.batch)
    request = ready.session.get_one(ServiceRequest, referral.request_id)
    assert needs.subneed_of(ready.session.get_one(Need, request.need_id)) == "hot_meals"


def test_the_same_form_twice_is_one_send(ready: World) -> None:
    kit = food(ready)
    places = {"food_pantry": ready.cast.food_bank, "hot_meals": None}
    first, second = use(ready, kit, places), use(ready, kit, places)
    assert first.batch is second.batch
    assert len(ready.session.scalars(select(SendBatch)).all()) == 1
    assert [item.why for item in ready.items()].count(WhyCode.NO_PLACE) == 1


def test_a_need_without_a_place_becomes_an_item_and_stops_nothing(ready: World) -> None:
    used = use(ready, food(ready), {"food_pantry": ready.cast.food_bank, "hot_meals": None})
    assert used.batch is not None
    assert used.without_place == ("hot_meals",)
    [item] = [one for one in ready.items() if one.why is WhyCode.NO_PLACE]
    assert item.facts == {"subneed": "hot_meals"}
    assert item.due_at > ready.now


def test_a_sensitive_need_without_a_place_names_only_its_domain_on_the_list(ready: World) -> None:
    kit = bundles.create(ready.as_dana(), Form("Talk", (Item("counseling"),)), now=ready.now)
    used = use(ready, kit, {"counseling": None})
    assert used.batch is None
    [item] = [one for one in ready.items() if one.why is WhyCode.NO_PLACE]
    assert item.facts == {"subneed": "behavioral_health"}


def test_one_place_without_consent_stops_all_and_nothing_is_kept(ready: World) -> None:
    ride = factories.make_listing(ready.session, now=ready.now, name="Rides", needs=["medical_ride"])
    kit = bundles.create(
        ready.as_dana(), Form("Two", (Item("food_pantry"), Item("medical_ride"), Item("wic"))), now=ready.now
    )
    before = len(ready.session.scalars(select(Need)).all())
    with pytest.raises(NotSendableError) as refused, ready.session.begin_nested():
        use(ready, kit, {"food_pantry": ready.cast.food_bank, "medical_ride": ride, "wic": None})
    assert refused.value.why is Why.NO_CONSENT
    assert len(ready.session.scalars(select(Need)).all()) == before
    assert ready.session.scalars(select(SendBatch)).all() == []
    assert ready.whys() == []


def test_a_bundle_that_changed_since_it_was_looked_at_is_not_sent(ready: World) -> None:
    kit = food(ready)
    bundles.change(ready.session, kit.id, Form("Food at home", kit.items[:1]), version=1, now=ready.now)
    with pytest.raises(BundleChangedError):
        use(ready, kit, {"hot_meals": ready.kitchen})


def test_nothing_chosen_is_refused(ready: World) -> None:
    with pytest.raises(BadInputError):
        use(ready, food(ready), {})


def test_a_first_use_makes_the_sample_a_row_of_its_own(ready: World) -> None:
    kit = shipped(ready, "new_in_town")
    used = use(ready, kit, {"food_pantry": ready.cast.food_bank})
    assert used.batch is not None
    assert used.batch.bundle_id == kit.id
    assert [row.id for row in ready.session.scalars(select(Bundle))] == [kit.id]


def test_filters_are_kept_in_one_order(world: World) -> None:
    form = Form("Filtered", (Item("wic", tuple(reversed(FILTERS))),))
    assert bundles.create(world.as_dana(), form, now=world.now).items[0].filters == FILTERS


def test_the_usual_questions_are_asked_where_a_bundle_plans_none(ready: World) -> None:
    used = use(ready, food(ready), {"food_pantry": ready.cast.food_bank})
    assert used.batch is not None
    ready.release(used.batch)
    days = [one.due_at.date() - date(2026, 11, 23) for one in check_ins.planned(ready.as_dana(), ready.cast.rosa.id)]
    assert days == [timedelta(days=3), timedelta(days=10)]
