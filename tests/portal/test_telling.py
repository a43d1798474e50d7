"""An agency is told by mail what became of its change, once nobody can take the decision back at the desk."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import telling, worker
from resources_db import proposals
from resources_db.models.curation import ListingChange
from resources_db.models.directory import Service
from resources_db.models.messages import Message
from resources_db.models.referrals import AgencyContact
from resources_db.proposals import Decision
from resources_db.tenancy import system
from resources_db.vocab import ChangeOrigin, Channel, Role
from tests.resources_db.directory_world import pantry

HALF_AN_HOUR = timedelta(minutes=31)


class Desk:
    """A pantry whose contact reads mail, and a directory team that decides."""

    def __init__(self, runtime, clock, staff) -> None:
        self.runtime, self.clock, self.staff = runtime, clock, staff
        with runtime.database.writing(system()) as session, session.begin():
            self.key = pantry(session)
            service = session.get_one(Service, self.key.service_id)
            contact = AgencyContact(
                organization_id=service.organization_id, email="desk@hope.example", preferred=Channel.EMAIL,
                language="en", created_at=clock(),
            )  # fmt: skip
            session.add(contact)

    def decided(self, decisions, *, origin=ChangeOrigin.AGENCY_LINK, submitter=None, **fields):
        with self.runtime.database.writing(system()) as session, session.begin():
            change = proposals.propose(
                session, service_id=self.key.service_id, location_id=self.key.location_id, fields=fields,
                origin=origin, submitter=submitter, submitter_label="agency", now=self.runtime.clock.now(),
            )  # fmt: skip
            proposals.decide(
                session, change.id, decisions=decisions, by=self.staff[Role.CURATOR].id, now=self.runtime.clock.now()
            )
            return change.id

    def later(self, by=HALF_AN_HOUR):
        self.runtime.clock.advance(by)
        worker.catch_up(self.runtime)

    def mails(self):
        with self.runtime.database.reading(system()) as session:
            return list(session.scalars(select(Message).where(Message.subject_kind == telling.SUBJECT)))


@pytest.fixture
def desk(runtime, clock, staff):
    return Desk(runtime, clock, staff)


def test_the_mail_says_field_by_field_what_was_taken_and_why_not(desk):
    desk.decided(
        {"documents": Decision(accept=True), "name": Decision(accept=False, why="not_confirmed")},
        documents="A bag", name="Hope",
    )  # fmt: skip
    desk.later()
    (mail,) = desk.mails()
    assert mail.to == "desk@hope.example"
    assert "your change to Hope Pantry" in mail.body
    assert "- What to bring: Published." in mail.body
    assert "- Name: Not taken. We could not confirm it." in mail.body


def test_it_waits_until_the_decision_stands_and_comes_once(desk):
    change = desk.decided({"documents": Decision(accept=True)}, documents="A bag")
    desk.later(timedelta(minutes=20))
    assert desk.mails() == []
    desk.later()
    desk.later(timedelta(days=1))
    assert len(desk.mails()) == 1
    with desk.runtime.database.reading(system()) as session:
        assert session.get_one(ListingChange, change).told_at is not None


def test_who_used_an_account_gets_it_at_the_own_address(desk, staff):
    user = staff[Role.AGENCY_WORKER]
    desk.decided(
        {"documents": Decision(accept=True)}, origin=ChangeOrigin.AGENCY_MEMBER, submitter=user.id, documents="A bag"
    )
    desk.later()
    (mail,) = desk.mails()
    assert mail.to == user.email


def test_a_sensitive_service_goes_by_the_name_of_its_agency(desk):
    with desk.runtime.database.writing(system()) as session, session.begin():
        service = session.get_one(Service, desk.key.service_id)
        service.name, service.sensitive = "Recovery Groups", True
    desk.decided({"documents": Decision(accept=True)}, documents="A bag")
    desk.later()
    (mail,) = desk.mails()
    assert "Recovery" not in mail.body
    assert "Hope Pantry" in mail.body


def test_without_an_address_nothing_is_sent_and_nothing_is_asked_again(desk):
    with desk.runtime.database.writing(system()) as session, session.begin():
        session.scalars(select(AgencyContact)).one().email = ""
    desk.decided({"documents": Decision(accept=True)}, documents="A bag")
    desk.later()
    assert desk.mails() == []
    with desk.runtime.database.reading(system()) as session:
        assert telling.due(session, now=desk.runtime.clock.now()) == []


def test_what_navigators_and_patients_proposed_is_no_mail_to_the_agency(desk):
    desk.decided({"documents": Decision(accept=True)}, origin=ChangeOrigin.PATIENT_REPORT, documents="A bag")
    desk.later()
    assert desk.mails() == []
