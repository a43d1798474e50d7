"""Reads records of the iCarol API (JSON): the same four kinds as the flat export, turned into its columns first."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from resources_db.importers import icarol, json_stream
from resources_db.importers.files import Row, Source
from resources_db.importers.records import Item, Problem, Where
from resources_db.importers.tables import JSON

_Members = Mapping[str, object]
_PHONES = {"fax": "PhoneFax", "tty": "PhoneTTY", "tdd": "PhoneTTY", "tollfree": "PhoneTollFree",
           "hotline": "PhoneNumberHotline", "afterhours": "PhoneNumberAfterHours"}  # fmt: skip
_TEXTS = {
    "eligibility": "Eligibility", "fees": "FeeStructureSource", "applicationProcess": "ApplicationProcess",
    "languagesOffered": "LanguagesOffered", "legalStatus": "LegalStatus", "lastVerifiedOn": "LastVerifiedOn",
    "coverageNote": "CoverageAreaText", "documentsRequired": "DocumentsRequired", "status": "AgencyStatus",
    "cultureCode": "LanguageOfRecord", "paymentMethods": "PaymentMethods",
}  # fmt: skip
_LINES = {"line1": "Address1", "line2": "Address2", "city": "City", "county": "County",
          "stateProvince": "StateProvince", "zipPostalCode": "PostalCode", "country": "Country"}  # fmt: skip
_RELATED = {"Agency": "ParentAgencyNum", "Program": "ConnectsToProgramNum", "Site": "ConnectsToSiteNum"}
_SILENT_CONFIDENTIAL = "-1"  # what this system writes for "no county"


def recognise(source: Source) -> bool:
    names = [name for name in source.names if name.lower().endswith(JSON)]
    if not names or len(names) != len(source.names):
        return False
    first = next(_rows(source, names[0]), None)
    return isinstance(first, Row) and first.cells.get("TaxonomyLevelName", "").casefold() in (
        *icarol.KINDS,
        "servicesite",
    )


class IcarolJson:
    name = "icarol_json"
    complete_parts = True

    def __init__(self, source: Source) -> None:
        self._source = source

    def read(self) -> Iterator[Item]:
        names = [name for name in self._source.names if name.lower().endswith(JSON)]
        shown = PurePosixPath(names[0]).name if len(names) == 1 else self._source.path.name
        yield from icarol.items(lambda: (row for name in names for row in _rows(self._source, name)), shown)


def _rows(source: Source, file: str) -> Iterator[Row | Problem]:
    name = PurePosixPath(file).name
    with source.text(file) as (stream, problems):
        yield from problems
        for found in json_stream.records(stream, name):
            if isinstance(found, Problem):
                yield found
            elif "type" in found[1] and "id" in found[1]:
                yield _row(found[0], found[1])
            else:
                yield Problem(found[0], "no_such_table", "type")


def _row(where: Where, record: _Members) -> Row:
    kind = _text(record.get("type"))
    cells = {"ResourceAgencyNum": _text(record.get("id")), "TaxonomyLevelName": kind}
    cells |= {column: text for name, column in _TEXTS.items() if (text := _text(record.get(name)))}
    cells["AgencyDescription"] = _text(record.get("descriptionText")) or _text(record.get("description"))
    for name in _members(record.get("names")):
        column = "PublicName" if _text(name.get("purpose")).casefold() == "primary" else "AlternateName"
        cells.setdefault(column, _text(name.get("value")))
    if record.get("isConfidential") is True:
        cells["ExcludeFromWebsite"] = "Yes"
    for other in _members(record.get("related")):
        column = _RELATED.get(_text(other.get("type")), "")
        if column and (column == "ParentAgencyNum" or kind == "ProgramAtSite"):
            cells.setdefault(column, _text(other.get("id")))
    _contacts(record, cells)
    _rest(record, cells)
    return Row(where.line, cells)


def _contacts(record: _Members, cells: dict[str, str]) -> None:
    numbered = 0
    for one in _members(record.get("contactDetails")):
        contact = one.get("contact")
        if not isinstance(contact, dict):
            continue
        private = "Yes" if one.get("isConfidential") is True else "No"
        kind = _text(contact.get("type"))
        if kind in ("PhysicalLocation", "PostalAddress"):
            _address(contact, "Physical" if kind == "PhysicalLocation" else "Mailing", private, cells)
        elif kind == "PhoneNumber":
            column = _PHONES.get(_text(contact.get("purpose")).casefold().replace(" ", ""), "")
            if not column or column in cells:
                numbered += 1
                column = f"Phone{numbered}"
            number = column if column.startswith(("PhoneF", "PhoneT", "PhoneN")) else f"{column}Number"
            cells[number] = _text(contact.get("number"))
            cells[f"{column}Description"] = _text(contact.get("description")) or _text(contact.get("label"))
            cells[f"{column}IsPrivate"] = private
        elif kind == "EmailAddress" and private == "No":
            cells.setdefault("EmailAddressMain", _text(contact.get("address")))
        elif kind == "Website" and private == "No":
            cells.setdefault("WebsiteAddress", _text(contact.get("url")))
        elif kind == "Person":
            _person(contact, private, cells)


def _address(contact: _Members, which: str, private: str, cells: dict[str, str]) -> None:
    for name, column in _LINES.items():
        text = _text(contact.get(name))
        cells.setdefault(f"{which}{column}", "" if text == _SILENT_CONFIDENTIAL else text)
    cells[f"{which}AddressIsPrivate"] = private
    if which == "Physical":
        cells.setdefault("Latitude", _text(contact.get("latitude")))
        cells.setdefault("Longitude", _text(contact.get("longitude")))


def _person(contact: _Members, private: str, cells: dict[str, str]) -> None:
    role = "SeniorWorker" if "senior" in _text(contact.get("label")).casefold() else "MainContact"
    cells[f"{role}IsPrivate"] = private
    for name, column in (("name", "Name"), ("title", "Title"), ("email", "EmailAddress"), ("phone", "PhoneNumber")):
        cells.setdefault(f"{role}{column}", _text(contact.get(name)))


def _rest(record: _Members, cells: dict[str, str]) -> None:
    hours = record.get("hours")
    if isinstance(hours, dict):
        days = [
            f"{_text(day.get('dayOfWeek'))} {_text(day.get('opens'))}-{_text(day.get('closes'))}"
            for day in _members(hours.get("days"))
            if _text(day.get("opens")) or _text(day.get("closes"))
        ]
        note = _text(hours.get("note"))
        cells["HoursOfOperation"] = "; ".join(days) if days and not note else "\n".join([*days, note]).strip()
    access = record.get("accessibility")
    if isinstance(access, dict):
        cells["DisabilitiesAccess"] = _text(access.get("disabled"))
        cells["PublicAccessTransportation"] = _text(access.get("public"))
    notes = record.get("notes")
    if isinstance(notes, dict):
        cells["InternalNotes"] = "\n".join(text for value in notes.values() if (text := _text(value)))
    codes = record.get("taxonomy")
    if isinstance(codes, list):
        cells["TaxonomyCodes"] = "; ".join(_text(code) for code in codes)


def _members(value: object) -> list[_Members]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value).strip()
