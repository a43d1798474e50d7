"""Makes flat iCarol exports for tests: about 150 columns, four kinds of rows, secrets planted where flags hide them."""

from pathlib import Path

from tests.resources_db.importers.bringing import table

_PHONES = [f"Phone{n}{part}" for n in range(1, 6) for part in ("Number", "Name", "Description", "IsPrivate", "Type")]
_NAMED = [
    f"{name}{part}"
    for name in (
        "PhoneFax", "PhoneTTY", "PhoneTollFree", "PhoneNumberHotline", "PhoneNumberBusinessLine",
        "PhoneNumberOutOfArea", "PhoneNumberAfterHours",
    )
    for part in ("", "Description", "IsPrivate")
]  # fmt: skip
_ADDRESSES = [
    f"{which}{part}"
    for which in ("Mailing", "Physical", "Other")
    for part in ("Address1", "Address2", "City", "County", "StateProvince", "PostalCode", "Country", "AddressIsPrivate")
]
COLUMNS = [
    *"ResourceAgencyNum ImportDate ImportStatus Refresh PublicName AlternateName OfficialName TaxonomyLevelName".split(),
    *"ParentAgency ParentAgencyNum RecordOwner UniqueIDPriorSystem MailingAttentionName".split(),
    *_ADDRESSES, *"Latitude Longitude HoursOfOperation".split(), *_PHONES, *_NAMED,
    *"EmailAddressMain WebsiteAddress AgencyStatus AgencyClassification AgencyDescription SearchHints".split(),
    *"CoverageArea CoverageAreaText Eligibility EligibilityAdult EligibilityChild EligibilityFamily".split(),
    *"SeniorWorkerName SeniorWorkerTitle SeniorWorkerEmailAddress SeniorWorkerPhoneNumber SeniorWorkerIsPrivate".split(),
    *"MainContactName MainContactTitle MainContactEmailAddress MainContactPhoneNumber MainContactIsPrivate".split(),
    *"LicenseAccreditation YearIncorporated LegalStatus SourceOfFunds ExcludeFromWebsite ExcludeFromDirectory".split(),
    *"DisabilitiesAccess PhysicalLocationDescription BusServiceAccess PublicAccessTransportation".split(),
    *"PaymentMethods FeeStructureSource ApplicationProcess ResourceInfo DocumentsRequired LanguagesOffered".split(),
    *"LanguagesOfferedList NormalWaitTime TemporaryMessage TemporaryMessageAppears TemporaryMessageExpires".split(),
    *"EnteredOn UpdatedOn MadeInactiveOn InternalNotes InternalNotesForEditorsAndViewers LastVerifiedOn".split(),
    *"LastVerifiedByName LastVerifiedByPhoneNumber LastVerifiedByEmailAddress LastVerificationApprovedBy".split(),
    *"AvailableForDirectory AvailableForReferral ConnectsToSiteNum ConnectsToProgramNum LanguageOfRecord".split(),
    *"TaxonomyTerm TaxonomyTerms TaxonomyCodes Coverage Hours Custom_Headings Custom_Facebook".split(),
]  # fmt: skip
assert len(COLUMNS) > 130


def agency(number: str = "100", **cells: str) -> dict[str, str]:
    return _row("Agency", number, cells | {"PublicName": cells.get("PublicName", "Hope House")})


def site(number: str = "200", **cells: str) -> dict[str, str]:
    place = {
        "PublicName": "Hope Hall", "ParentAgencyNum": "100", "PhysicalAddress1": "1418 Vine St",
        "PhysicalCity": "Cincinnati", "PhysicalStateProvince": "OH", "PhysicalPostalCode": "45202",
        "Latitude": "39.11", "Longitude": "-84.51",
    }  # fmt: skip
    return _row("Site", number, place | cells)


def program(number: str = "300", **cells: str) -> dict[str, str]:
    return _row("Program", number, {"PublicName": "Food Pantry", "ParentAgencyNum": "100"} | cells)


def program_at_site(number: str = "400", **cells: str) -> dict[str, str]:
    links = {"ParentAgencyNum": "100", "ConnectsToProgramNum": "300", "ConnectsToSiteNum": "200"}
    return _row("ProgramAtSite", number, links | cells)


def _row(kind: str, number: str, cells: dict[str, str]) -> dict[str, str]:
    unknown = cells.keys() - set(COLUMNS)
    assert not unknown, unknown
    return dict.fromkeys(COLUMNS, "") | {"TaxonomyLevelName": kind, "ResourceAgencyNum": number} | cells


def flat(path: Path, *rows: dict[str, str]) -> Path:
    path.write_text(table(rows), "utf-8")
    return path


def whole(path: Path, **changes: dict[str, str]) -> Path:
    """One of each kind; `agency`, `site`, `program`, `program_at_site` may be changed."""
    makers = {"agency": agency, "site": site, "program": program, "program_at_site": program_at_site}
    return flat(path, *(make(**changes.get(name, {})) for name, make in makers.items()))
