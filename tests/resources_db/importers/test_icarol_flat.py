"""A flat iCarol export: its four kinds of rows are joined, and every flag that holds something back is obeyed."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db.base import Base
from resources_db.hsds import export
from resources_db.importers import base
from resources_db.models import directory as d
from resources_db.models.imports import StaffNote
from resources_db.repositories import confidential
from resources_db.tenancy import system
from resources_db.vocab import Confidentiality, ConfirmMethod, ServiceStatus, Visibility
from tests.conftest import NOW
from tests.resources_db.importers.bringing import bring, changed, codes, shown
from tests.resources_db.importers.icarol_world import flat, program, program_at_site, site, whole

TODAY = date(2026, 11, 23)


def test_four_kinds_of_rows_become_one_listing(session: Session, tmp_path: Path) -> None:
    path = whole(
        tmp_path / "export.csv",
        agency={"WebsiteAddress": "www.hope.example", "PhoneTollFree": "800-555-0100"},
        program={
            "AgencyDescription": "Groceries", "Eligibility": "Anyone", "FeeStructureSource": "None",
            "LanguagesOfferedList": "English; Spanish", "DocumentsRequired": "ID", "Coverage": "45202; Hamilton County",
            "TaxonomyCodes": "BD-1800.2000", "TaxonomyTerms": "Food Pantries", "PaymentMethods": "Cash",
            "Phone1Number": "513-555-0163", "Phone1Description": "Main", "PhoneFax": "513-555-0164",
        },
        program_at_site={"HoursOfOperation": "Mon-Fri 9am-5pm"},
    )  # fmt: skip
    planned = bring(session, path)
    listing = shown(session)["Food Pantry"]
    assert planned.format == "icarol_flat"
    assert (listing.organization_name, listing.city, listing.eligibility) == ("Hope House", "Cincinnati", "Anyone")
    assert {phone.number for phone in listing.phones} >= {"+15135550163"}
    assert [one.name for one in session.scalars(select(d.Language))] == ["English", "Spanish"]
    assert session.scalars(select(d.TaxonomyTerm.code).where(d.TaxonomyTerm.code != "")).one() == "BD-1800.2000"
    areas = {(area.name, tuple(area.zip_codes)) for area in session.scalars(select(d.ServiceArea))}
    assert areas == {("", ("45202",)), ("Hamilton County", ())}
    assert session.scalars(select(d.Schedule.byday)).one() == "MO,TU,WE,TH,FR"
    assert set(changed(base.plan(session, path, source="s"))) == {"same"}


SECRETS = {
    "phone": "513-555-0911", "phone as dialled": "5135550911", "person": "Zelda Zimmer", "mail": "zelda@hope.example",
    "note": "ZZNOTE drinks with the mayor", "checker": "Yolanda Check", "street": "77 Canary Row", "post": "PO Box 7799",
    "viewers": "ZZVIEW only for us",
}  # fmt: skip


def with_secrets(path: Path) -> Path:
    return whole(
        path,
        agency={"MainContactName": SECRETS["person"], "MainContactEmailAddress": SECRETS["mail"],
                "MainContactPhoneNumber": SECRETS["phone"], "MainContactIsPrivate": "Yes"},
        site={"PhysicalAddress1": SECRETS["street"], "PhysicalAddressIsPrivate": "Yes"},
        program={"Phone2Number": SECRETS["phone"], "Phone2Description": "backdoor", "Phone2IsPrivate": "Yes",
                 "InternalNotes": SECRETS["note"], "InternalNotesForEditorsAndViewers": SECRETS["viewers"],
                 "LastVerifiedByName": SECRETS["checker"], "LastVerifiedByEmailAddress": SECRETS["mail"],
                 "MailingAddress1": SECRETS["post"], "MailingAddressIsPrivate": "Yes",
                 "SeniorWorkerName": SECRETS["person"], "SeniorWorkerIsPrivate": "Yes"},
    )  # fmt: skip


def everything(session: Session, tmp_path: Path, *, but: tuple[str, ...] = ()) -> str:
    """All that stands in any table, and all that leaves the house."""
    session.flush()
    rows = [
        repr(tuple(row))
        for table in Base.metadata.sorted_tables
        if table.name not in but
        for row in session.execute(select(table))
    ]
    export.write(session, tmp_path / "out", today=TODAY)
    export.write(session, tmp_path / "out.ndjson", today=TODAY)
    files = [*(tmp_path / "out").iterdir(), tmp_path / "out.ndjson"]
    return "\n".join([*rows, repr(shown(session)), *(file.read_text("utf-8") for file in files)])


@pytest.mark.parametrize("keep_notes", [False, True])
def test_what_is_private_is_nowhere_but_with_the_staff(session: Session, tmp_path: Path, keep_notes: bool) -> None:
    path = with_secrets(tmp_path / "export.csv")
    planned = base.plan(session, path, source="s", keep_notes=keep_notes)
    base.apply(session, planned, actor=system(), now=NOW)
    found = everything(session, tmp_path, but=("staff_note",))
    assert {name for name, secret in SECRETS.items() if secret in found} == set()
    notes = set(session.scalars(select(StaffNote.text)))
    assert notes == ({SECRETS["note"], SECRETS["viewers"]} if keep_notes else set())
    withheld = {one.column: one.value for one in planned.problems if one.code == "private_left_out"}
    assert withheld["Phone2Number"] == withheld["MainContactName"] == "1 ×"
    hidden = d.Location.confidentiality == Confidentiality.HIDDEN
    place = session.scalars(select(d.Location).where(hidden, d.Location.location_type == "physical")).one()
    assert place.latitude is None
    sealed = confidential.read(session, place.id, reason="test", now=NOW)
    assert sealed is not None
    assert sealed.addresses[0]["address_1"] == SECRETS["street"]


@pytest.mark.parametrize(
    "flag", [{"ExcludeFromWebsite": "Yes"}, {"ExcludeFromDirectory": "Yes"}, {"AvailableForDirectory": "No"}]
)
@pytest.mark.parametrize("row", ["program", "agency"])
def test_what_is_not_for_the_public_stays_with_staff(
    session: Session, tmp_path: Path, row: str, flag: dict[str, str]
) -> None:
    planned = bring(session, whole(tmp_path / "export.csv", **{row: flag}))
    assert session.scalars(select(d.Service.visibility)).one() == Visibility.STAFF
    assert codes(planned)["not_for_public"]
    assert "Food Pantry" not in "".join(export.ndjson(session, today=TODAY))


@pytest.mark.parametrize("row", ["program", "agency"])
@pytest.mark.parametrize("flag", [{"AgencyStatus": "Inactive"}, {"MadeInactiveOn": "1/2/2019"}])
def test_what_is_inactive_is_kept_out_of_sight(
    session: Session, tmp_path: Path, row: str, flag: dict[str, str]
) -> None:
    bring(session, whole(tmp_path / "export.csv", **{row: flag}))
    service = session.scalars(select(d.Service)).one()
    assert (service.status, service.visibility) == (ServiceStatus.INACTIVE, Visibility.STAFF)


@pytest.mark.parametrize("flag", [{"AvailableForReferral": "No"}, {"AgencyStatus": "Active, but do not refer"}])
def test_what_takes_no_referrals_is_shown_without_a_button(
    session: Session, tmp_path: Path, flag: dict[str, str]
) -> None:
    bring(session, whole(tmp_path / "export.csv", program=flag))
    service = session.scalars(select(d.Service)).one()
    assert (service.takes_referrals, service.visibility) == (False, Visibility.PUBLIC)


@pytest.mark.parametrize("row", ["program", "agency"])
def test_a_temporary_message_has_its_days(session: Session, tmp_path: Path, row: str) -> None:
    message = {"TemporaryMessage": "Closed for repairs", "TemporaryMessageAppears": "11/20/2026",
               "TemporaryMessageExpires": "12/5/2026 11:59:00 PM"}  # fmt: skip
    bring(session, whole(tmp_path / "export.csv", **{row: message}))
    service = session.scalars(select(d.Service)).one()
    said = (service.alert, service.alert_from, service.alert_until)
    assert said == ("Closed for repairs", date(2026, 11, 20), date(2026, 12, 5))


@pytest.mark.parametrize(
    ("said", "kept", "code"),
    [("2014-05-22T07:00:00Z", 2014, ""), ("5/22/2014", 2014, ""), ("2999-01-01", None, "date_in_future"),
     ("1900-01-01T08:00:00Z", None, "")],
)  # fmt: skip
def test_the_day_it_was_last_checked_is_believed_unless_it_is_yet_to_come(
    session: Session, tmp_path: Path, said: str, kept: int | None, code: str
) -> None:
    planned = bring(session, whole(tmp_path / "export.csv", program={"LastVerifiedOn": said}))
    service = session.scalars(select(d.Service)).one()
    assert (service.confirmed_at.year if service.confirmed_at else None) == kept
    assert service.confirmed_method == (ConfirmMethod.IMPORT if kept else None)
    assert ("date_in_future" in codes(planned)) == bool(code)


def test_rows_may_stand_in_any_order_and_other_languages_are_told(session: Session, tmp_path: Path) -> None:
    rows = [program_at_site(), program(), program(LanguageOfRecord="French", PublicName="Banque"), site()]
    planned = bring(session, flat(tmp_path / "export.csv", *rows), source="a")
    assert (codes(planned)["other_language"], codes(planned)["orphan"]) == (1, 1), "the agency is not in the file"
    assert session.scalars(select(d.Service)).all() == []


def test_a_program_without_a_site_is_where_it_says_itself(session: Session, tmp_path: Path) -> None:
    own = {"PhysicalAddress1": "9 Elm St", "PhysicalCity": "Cincinnati", "PhysicalStateProvince": "OH"}
    path = whole(tmp_path / "export.csv", program=own, program_at_site={"ConnectsToProgramNum": "999"})
    planned = bring(session, path)
    assert shown(session)["Food Pantry"].address_lines[0] == "9 Elm St"
    assert codes(planned)["orphan"] == 1


def test_what_the_source_hides_later_is_hidden_and_never_published_by_it_again(
    session: Session, tmp_path: Path
) -> None:
    bring(session, whole(tmp_path / "export.csv"))
    assert session.scalars(select(d.Service.visibility)).one() == Visibility.PUBLIC
    hidden = {"ExcludeFromWebsite": "Yes", "AvailableForReferral": "No"}
    for days, flags in ((1, hidden), (2, {"ExcludeFromWebsite": "No", "AvailableForReferral": "Yes"})):
        bring(session, whole(tmp_path / "export.csv", program=flags), days=days)
        service = session.scalars(select(d.Service)).one()
        assert (service.visibility, service.takes_referrals) == (Visibility.STAFF, days == 2)


def test_a_message_that_the_source_took_away_is_gone(session: Session, tmp_path: Path) -> None:
    bring(session, whole(tmp_path / "export.csv", program={"TemporaryMessage": "Closed for repairs"}))
    planned = bring(session, whole(tmp_path / "export.csv"), days=1)
    assert (session.scalars(select(d.Service.alert)).one(), set(changed(planned))) == ("", {"same", "update"})
