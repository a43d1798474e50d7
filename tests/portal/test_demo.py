"""The demo world holds what the main story and the pages need, and sends nothing of its past."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from i18n import catalog, reading_level
from portal import demo
from portal.demo import files
from referrals import consent, links, needs, people, texting
from resources_db import audit, encryption, proposal_queue, tenancy
from resources_db.engine import Database
from resources_db.importers import base
from resources_db.models.curation import CapacityStatement
from resources_db.models.directory import ListingText, Organization, Service
from resources_db.models.imports import ImportJob
from resources_db.models.messages import Message
from resources_db.models.people import Need, Patient
from resources_db.models.referrals import AgencyContact, PatientAnswer, Referral, WorklistItem
from resources_db.models.tenants import AppUser, Membership, Org
from resources_db.needs import DOMAINS, NEEDS
from resources_db.repositories import listings
from resources_db.vocab import ImportAction, ImportStage, MessageState, OrgKind, ReferralState, Role, WhyCode

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
FEW_KEPT = 5
SCRIPTED = {"0103", "0106", "0107", "0108", "0110", "0111", "0129", "0150", "0153", "0158", "0159"}


@pytest.fixture(scope="module")
def world(sqlite_template, tmp_path_factory):
    """The demo, made once for all tests here (it is only read)."""
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    vault = encryption.Vault(encryption.KeyRing.generate())
    encryption.use(vault)
    links.use_base("http://127.0.0.1:8000")
    database = Database(f"sqlite:///{path}")
    with database.writing(tenancy.system()) as session, session.begin():
        demo.make(session, now=NOW)
    yield database, vault
    encryption.use(None)
    database.close()


@pytest.fixture
def session(world):
    database, vault = world
    encryption.use(vault)
    with database.reading(tenancy.system()) as session:
        yield session


def _one(session, name):
    return next(p for p in session.scalars(select(Patient)) if people.full_name(p) == name)


def test_the_directory_covers_every_domain_and_every_need(session):
    offered = {need for service in session.scalars(select(Service)) for need in service.needs}
    assert {NEEDS[need].domain for need in offered} == set(DOMAINS)
    assert set(NEEDS) <= offered
    assert len(listings.all_service_ids(session)) >= 130


def test_the_demo_directory_imports_without_a_word_of_complaint_and_twice_changes_nothing(session):
    plan = base.plan(session, files.DIRECTORY, source="demo", full=True)
    assert list(plan.problems) == []
    # The one kept value is what an agency told the team in the demo's past: the file does not take it back.
    assert {action for counts in plan.counts().values() for action in counts} == {"same", "skip"}
    assert plan.total(ImportAction.SKIP) <= FEW_KEPT


def test_the_places_of_the_main_story_are_as_the_story_tells_them(session):
    found = {
        service.name: listings.of_services(session, [service.id])[0]
        for service in session.scalars(select(Service).where(Service.name.in_(
            ["Hope Pantry", "St. Anne Kitchen", "Elm Street Food Shelf", "Queen City Family Market", "Eastside School Meals"]
        )))
    }  # fmt: skip
    assert len(found) == 5
    pantry = found["Hope Pantry"]
    assert pantry.address_lines[0] == "1418 Vine St"
    assert [p.number for p in pantry.phones] == ["+15135550199"]
    assert "es" in pantry.languages
    assert pantry.capacity.state.value == "open"
    full = found["Elm Street Food Shelf"].capacity
    assert full.state.value == "full"
    assert full.until > NOW.date()


def test_the_safety_line_has_no_place_anywhere(session):
    service = session.scalars(select(Service).where(Service.name == "Harbor Light Safety Line")).one()
    (listing,) = listings.of_services(session, [service.id])
    assert (listing.address_lines, listing.postal_code, listing.latitude) == ((), "", None)


def test_every_phone_of_the_demo_is_fictional_and_only_three_are_scripted_failures(session):
    numbers = [p.phone for p in session.scalars(select(Patient))]
    assert len(numbers) == len(set(numbers)) == 30
    assert all(number[-7:-2] == "55501" for number in numbers)
    assert sorted(number[-4:] for number in numbers if number[-4:] in SCRIPTED) == ["0103", "0106", "0110"]
    listed = [row["number"] for row in files.rows("hsds/phones") if len(row["number"]) > 3]
    assert all("-555-01" in number for number in listed)
    assert not {number[-4:] for number in listed} & SCRIPTED


def test_patients_speak_six_languages_and_have_what_the_pages_need(session):
    patients = session.scalars(select(Patient)).all()
    assert len({p.language for p in patients}) == 6
    assert all(p.zip and p.household for p in patients)


def test_rosa_can_be_helped_at_once_and_was_never_sent_to_the_pantry(session):
    rosa = _one(session, "Rosa Martinez")
    pantry = session.scalars(select(Organization).where(Organization.name == "Hope Pantry")).one()
    assert texting.state(session, rosa).allowed
    assert consent.covering(session, rosa.id, organization_id=pantry.id, subneed="food_pantry", now=NOW)
    sent = session.scalars(select(Referral).where(Referral.patient_id == rosa.id)).all()
    assert pantry.id not in {referral.organization_id for referral in sent}
    assert "food_pantry" in {needs.subneed_of(need) for need in needs.open_needs(session, rosa.id)}


def test_nothing_of_the_past_waits_to_be_sent(session):
    states = Counter(session.scalars(select(Message.state)))
    assert MessageState.QUEUED not in states
    assert states[MessageState.DELIVERED] > 100
    assert session.scalar(select(func.max(Message.due_at))) <= NOW


def test_the_reports_have_enough_to_say(session):
    states = Counter(session.scalars(select(Referral.state)))
    assert sum(states.values()) >= 60
    assert states[ReferralState.SERVED] >= 30
    assert {ReferralState.DECLINED, ReferralState.NO_RESPONSE, ReferralState.WAITLISTED, ReferralState.SENT} <= set(
        states
    )
    assert session.scalar(select(func.count()).select_from(PatientAnswer)) >= 40
    assert session.scalar(select(func.count()).select_from(Need).where(Need.met_at.is_not(None))) >= 15


def test_hope_pantry_helped_seven_of_the_nine_people_sent_there(session):
    pantry = session.scalars(select(Service).where(Service.name == "Hope Pantry")).one()
    states = Counter(session.scalars(select(Referral.state).where(Referral.service_id == pantry.id)))
    assert (states[ReferralState.SERVED], sum(states.values())) == (7, 9)


def test_today_has_the_lines_a_real_morning_has(session):
    open_now = set(session.scalars(select(WorklistItem.why).where(WorklistItem.done_at.is_(None))))
    assert {
        WhyCode.AGENCY_FULL,
        WhyCode.DISAGREEMENT,
        WhyCode.PATIENT_WANTS_CALL,
        WhyCode.NO_REPLY,
        WhyCode.WAITLIST_30_DAYS,
        WhyCode.DATE_AT_RISK,
        WhyCode.HOME_FROM_HOSPITAL,
        WhyCode.TEXT_NOT_DELIVERED,
        WhyCode.CONSENT_ENDS,
    } <= open_now


def test_staff_have_no_password_and_are_marked_as_demo(session):
    users = {user.name: user for user in session.scalars(select(AppUser))}
    assert all(user.demo and user.password is None for user in users.values())
    roles = dict(
        session.execute(select(AppUser.name, Membership.role).join(Membership, Membership.user_id == AppUser.id)).all()
    )
    assert roles["Dana Cole"] is Role.NAVIGATOR
    assert roles["Priya Raman"] is Role.SUPERVISOR
    assert roles["Denise Fuller"] is Role.AGENCY_WORKER
    assert roles["Sam Ortiz"] is Role.CURATOR
    assert roles["Nadia Brooks"] is Role.DIRECTORY_ADMIN
    assert {org.kind for org in session.scalars(select(Org))} == set(OrgKind)


def test_every_agency_of_the_story_can_be_reached(session):
    with_contact = set(session.scalars(select(AgencyContact.organization_id)))
    assert set(session.scalars(select(Referral.organization_id))) <= with_contact
    denise = session.scalars(select(AgencyContact).where(AgencyContact.name == "Denise Fuller")).one()
    assert denise.phone == "+15135550137"
    assert denise.email


def test_statements_and_checks_are_dated_before_now_and_spread_over_a_year(session):
    assert session.scalar(select(func.max(CapacityStatement.said_at))) <= NOW
    confirmed = session.scalars(select(Service.confirmed_at)).all()
    assert max(confirmed) <= NOW
    assert min(confirmed) < NOW - timedelta(days=365)


def test_changes_wait_for_the_directory_editor(session):
    assert len(proposal_queue.waiting(session)) == 4


def test_the_audit_chain_of_the_demo_holds(session):
    assert list(audit.verify(session)) == []


def test_spanish_words_of_listings_fit_their_source_and_are_plain(session):
    texts = session.scalars(select(ListingText)).all()
    assert len(texts) >= 60
    assert [text.text for text in texts if reading_level.too_hard(text.text, "es", hint=True)] == []


def test_seeding_twice_makes_one_world(sqlite_template, tmp_path, monkeypatch):
    path = tmp_path / "again.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    encryption.use(encryption.Vault(encryption.KeyRing.generate()))
    made = []
    monkeypatch.setattr(demo, "make", lambda session, now: made.append(now) or _somebody(session, now))
    runtime = _Runtime(Database(f"sqlite:///{path}"), tmp_path / "imports")
    assert demo.seed(runtime) == "made"
    assert demo.seed(runtime) == "here already"
    assert made == [NOW]
    with runtime.database.reading(tenancy.system()) as session:
        stages = Counter(job.stage for job in session.scalars(select(ImportJob)))
    assert stages == {ImportStage.READY: 1, ImportStage.FAILED: 2}, "files wait on the import pages"
    catalog.switch_on(())
    encryption.use(None)


def _somebody(session, now):
    session.add(AppUser(email="a@b.example", name="A", fs_uniquifier="a", demo=True, created_at=now))
    return "made"


class _Runtime:
    def __init__(self, database, folder):
        self.database = database
        self.settings = type("S", (), {"public_url": "http://127.0.0.1:8000", "imports_dir": folder})()
        self.clock = type("C", (), {"now": staticmethod(lambda: NOW)})()
