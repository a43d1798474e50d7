"""Parts of an iCarol row: phones, people, addresses, hours, languages, areas, categories."""

import re
from collections.abc import Iterator

from resources_db.importers.hsds_old import coined
from resources_db.importers.icarol_cells import Cells, is_yes
from resources_db.importers.records import Item, Neutral
from resources_db.vocab import Confidentiality

_NAMED_PHONES = (
    ("PhoneFax", "fax", "Fax"), ("PhoneTTY", "textphone", "TTY"), ("PhoneTollFree", "voice", "Toll free"),
    ("PhoneNumberHotline", "voice", "Hotline"), ("PhoneNumberBusinessLine", "voice", "Business line"),
    ("PhoneNumberOutOfArea", "voice", "Out of area"), ("PhoneNumberAfterHours", "voice", "After hours"),
)  # fmt: skip
_PEOPLE = ("MainContact", "SeniorWorker")
_LIST = re.compile(r"\s*[;\n]\s*")
_ZIPS = re.compile(r"\d{5}(?:\s*[,;]\s*\d{5})*$")
TAXONOMY = "211 taxonomy"


def listed(cell: str) -> list[str]:
    return list(dict.fromkeys(part for part in _LIST.split(cell) if part))


def phones(cells: Cells, owner: str, owner_id: str) -> Iterator[Neutral]:
    """Numbers that are not private, with what they are for."""
    for at in range(1, 11):
        name = cells.first(f"Phone{at}Description", f"Phone{at}Name", f"Phone{at}name")
        if number := cells[f"Phone{at}Number"]:
            kind = "fax" if "fax" in name.casefold() else ""
            yield _phone(cells, owner, owner_id, f"Phone{at}Number", number, kind, name)
    for column, kind, label in _NAMED_PHONES:
        said = cells[f"{column}Description"]
        if number := cells[column]:
            yield _phone(cells, owner, owner_id, column, number, kind, said or label)


def _phone(cells: Cells, owner: str, owner_id: str, column: str, number: str, kind: str, label: str) -> Neutral:
    values: dict[str, object] = {f"{owner}_id": owner_id, "number": number, "type": kind, "description": label}
    return cells.record("phone", f"{owner}:{owner_id}/{column}", values, number=column)


def people(cells: Cells, owner: str, owner_id: str) -> Iterator[Neutral]:
    """Contacts that the source publishes, with their number."""
    for role in _PEOPLE:
        name, title, email = (cells[f"{role}{part}"] for part in ("Name", "Title", "EmailAddress"))
        number = cells[f"{role}PhoneNumber"]
        if not (name or email or number):
            continue
        own_id = f"{owner}:{owner_id}/{role}"
        values: dict[str, object] = {f"{owner}_id": owner_id, "name": name, "title": title, "email": email}
        yield cells.record("contact", own_id, values, name=f"{role}Name", email=f"{role}EmailAddress")
        if number:
            held: dict[str, object] = {"contact_id": own_id, "number": number}
            yield cells.record("phone", f"{own_id}/phone", held, number=f"{role}PhoneNumber")


def has_address(cells: Cells, which: str) -> bool:
    return bool(cells.first(f"{which}Address1", f"{which}City", f"{which}PostalCode"))


def place(cells: Cells, place_id: str, organization_id: str, name: str) -> Iterator[Neutral]:
    """A location with its visiting address; a private one is sealed where the team alone can open it."""
    hidden = is_yes(cells.flag("PhysicalAddressIsPrivate"))
    values: dict[str, object] = {
        "organization_id": organization_id,
        "name": name,
        "location_type": "physical",
        "description": cells["PhysicalLocationDescription"],
        "transportation": cells.first("PublicAccessTransportation", "BusServiceAccess"),
        "latitude": cells["Latitude"],
        "longitude": cells["Longitude"],
    }
    if hidden:
        values["x_confidentiality"] = Confidentiality.HIDDEN.value
    if _is_nowhere(cells["Latitude"], cells["Longitude"]):
        values.pop("latitude")
        values.pop("longitude")
    yield cells.record("location", place_id, values, name="PublicName", latitude="Latitude", longitude="Longitude")
    if has_address(cells, "Physical"):
        yield _address(cells, place_id, "Physical", "physical")
    if words := cells["DisabilitiesAccess"]:
        held: dict[str, object] = {"location_id": place_id, "description": words}
        yield cells.record("accessibility", place_id, held, description="DisabilitiesAccess")
    yield from mail(cells, place_id, organization_id, name)


def _is_nowhere(latitude: str, longitude: str) -> bool:
    """Zero and -90 are written for "not known"."""
    return latitude.strip("0.") == "" or longitude in ("", "0", "-90", "-90.0")


def mail(cells: Cells, place_id: str, organization_id: str, name: str) -> Iterator[Neutral]:
    """The mailing address: at the place, or sealed as a hidden place of its own when it is private."""
    if not has_address(cells, "Mailing"):
        return
    if not is_yes(cells.flag("MailingAddressIsPrivate")):
        yield _address(cells, place_id, "Mailing", "postal")
        return
    own_id = f"{place_id}/mail"
    values: dict[str, object] = {
        "organization_id": organization_id,
        "name": name,
        "location_type": "postal",
        "x_confidentiality": Confidentiality.HIDDEN.value,
    }
    yield cells.record("location", own_id, values)
    yield _address(cells, own_id, "Mailing", "postal")


def _address(cells: Cells, place_id: str, which: str, kind: str) -> Neutral:
    country = cells[f"{which}Country"]
    values: dict[str, object] = {
        "location_id": place_id,
        "address_type": kind,
        "attention": cells["MailingAttentionName"] if which == "Mailing" else "",
        "address_1": cells[f"{which}Address1"],
        "address_2": cells[f"{which}Address2"],
        "city": cells[f"{which}City"],
        "region": cells[f"{which}County"],
        "state_province": cells[f"{which}StateProvince"],
        "postal_code": cells[f"{which}PostalCode"],
        "country": "US"
        if country.casefold() in ("united states", "usa", "us", "united states of america")
        else country,
    }
    columns = {"address_1": f"{which}Address1", "postal_code": f"{which}PostalCode", "country": f"{which}Country"}
    return cells.record("address", f"{place_id}/{which.lower()}", values, **columns)


def hours(cells: Cells, owner: str, owner_id: str) -> Iterator[Neutral]:
    words = cells.first("HoursOfOperation", "Hours", "WorkHours")
    if words:
        values: dict[str, object] = {f"{owner}_id": owner_id, "x_original_text": words}
        yield cells.record("schedule", f"{owner}:{owner_id}/hours", values, x_original_text="HoursOfOperation")


def of_service(cells: Cells, service_id: str) -> Iterator[Item]:
    """Languages, areas, documents and categories."""
    for word in listed(cells.first("LanguagesOfferedList", "LanguagesOffered")):
        values: dict[str, object] = {"service_id": service_id, "name": word}
        yield cells.record("language", f"{service_id}/{word.casefold()}", values, name="LanguagesOffered")
    for word in listed(cells.first("Coverage", "CoverageArea", "CoverageAreaText")):
        values = {"service_id": service_id, "name": word}
        if _ZIPS.match(word):
            values = {"service_id": service_id, "x_zip_codes": re.findall(r"\d{5}", word)}
        yield cells.record("service_area", f"{service_id}/{word.casefold()}", values, name="Coverage")
    if words := cells["DocumentsRequired"]:
        yield cells.record("required_document", service_id, {"service_id": service_id, "document": words})
    if words := cells["SourceOfFunds"]:
        yield cells.record("funding", service_id, {"service_id": service_id, "source": words})
    for word in listed(cells["PaymentMethods"]):
        yield from coined("payment", word, service_id, cells.where)
    yield from _categories(cells, service_id)


def _categories(cells: Cells, service_id: str) -> Iterator[Neutral]:
    """Codes with their words; words alone where the export has no codes."""
    codes = listed(cells["TaxonomyCodes"])
    words = listed(cells.first("TaxonomyTerms", "TaxonomyTerm", "Categories"))
    paired = zip(codes, words, strict=True) if len(codes) == len(words) else ((one, one) for one in codes or words)
    for code, word in paired:
        term: dict[str, object] = {"name": word, "taxonomy": TAXONOMY, "code": code if codes else ""}
        yield Neutral("taxonomy_term", code, {k: v for k, v in term.items() if v}, cells.where, copies="first")
        link: dict[str, object] = {"link_id": service_id, "link_entity": "service", "taxonomy_term_id": code}
        yield cells.record("attribute", f"{service_id}/{code}", link, taxonomy_term_id="TaxonomyCodes")
