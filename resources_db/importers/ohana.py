"""Reads the tables of Ohana API (CSV or JSON): places first, services at one place each, comma lists in cells.

Held in memory: which organization and name each place has, and which codes the taxonomy knows. All else streams.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from resources_db.importers import ohana_parts as parts
from resources_db.importers import private_words, tables
from resources_db.importers.files import Row, Source
from resources_db.importers.hsds_old import coined
from resources_db.importers.records import Item, Neutral, Problem, Severity, Where
from resources_db.importers.tables import Table

_ORDER = (
    "organizations", "programs", "locations", "services", "addresses", "mail_addresses", "contacts", "phones",
    "regular_schedules", "holiday_schedules", "taxonomy",
)  # fmt: skip


def recognise(source: Source) -> bool:
    stems = {name.rsplit("/", 1)[-1].lower().rsplit(".", 1)[0] for name in source.names}
    if not {"organizations", "locations", "services", "addresses"} <= stems:
        return False
    services = tables.one(source, "services")
    return bool({"mail_addresses", "regular_schedules"} & stems) and services is not None and _per_place(services)


def _per_place(services: Table) -> bool:
    header = services.header()
    return "location_id" in header and "organization_id" not in header


@dataclass(slots=True)
class _Known:
    """What services say only through their place."""

    organization: dict[str, str] = field(default_factory=dict)
    name: dict[str, str] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)


class Ohana:
    name = "ohana"
    complete_parts = True

    def __init__(self, source: Source) -> None:
        self._source = source

    def read(self) -> Iterator[Item]:
        found = {table.stem: table for table in tables.of(self._source)}
        known = _Known()
        if "taxonomy" in found:
            known.codes = {parts.code(row.cells) for row in found["taxonomy"].rows() if isinstance(row, Row)}
        for stem in _ORDER:
            if stem in found:
                yield from _table(found.pop(stem), _MAKERS[stem], known)
        for table in found.values():
            yield Problem(Where(table.name), "file_unused", severity=Severity.WARNING)


_Maker = Callable[["_Cells", _Known], Iterator[Item]]


@dataclass(slots=True)
class _Cells:
    """One row; remembers which columns were read, so that the others can be told."""

    cells: Mapping[str, str]
    where: Where
    read: set[str] = field(default_factory=set)

    def __getitem__(self, column: str) -> str:
        self.read.add(column)
        return self.cells.get(column, "").strip()

    def pick(self, *columns: str, **renamed: str) -> dict[str, object]:
        """Filled cells under their HSDS names."""
        names = {**{column: column for column in columns}, **{column: name for name, column in renamed.items()}}
        return {name: value for column, name in names.items() if (value := self[column])}

    def record(self, kind: str, external_id: str, values: dict[str, object], **columns: str) -> Neutral:
        return Neutral(kind, external_id, values, self.where, {}, columns)


def _table(table: Table, make: _Maker, known: _Known) -> Iterator[Item]:
    withheld: Counter[str] = Counter()
    told: set[str] = set()
    for row in table.rows():
        if isinstance(row, Problem):
            yield row
            continue
        cells = _Cells(row.cells, Where(table.name, row.line))
        yield from make(cells, known)
        for column in sorted(name for name, cell in row.cells.items() if cell.strip() and name not in cells.read):
            if private_words.is_private(column):
                withheld[column] += 1
            elif column not in told:
                told.add(column)
                yield Problem(Where(table.name, 1), "column_not_read", column, severity=Severity.WARNING)
    yield from private_words.told(withheld, Where(table.name, 1))


def _organization(cells: _Cells, _known: _Known) -> Iterator[Item]:
    own_id = cells["id"]
    values = cells.pick(
        "name", "alternate_name", "description", "email", "website", "legal_status", "tax_id", "tax_status"
    )
    if year := parts.year(cells["date_incorporated"]):
        values["year_incorporated"] = year
    yield cells.record("organization", own_id, values)
    yield from _list(cells, "funding_sources", "funding", "source", {"organization_id": own_id})


def _program(cells: _Cells, _known: _Known) -> Iterator[Item]:
    yield cells.record("program", cells["id"], cells.pick("organization_id", "name", "alternate_name", "description"))


def _location(cells: _Cells, known: _Known) -> Iterator[Item]:
    own_id = cells["id"]
    values = cells.pick(
        "organization_id", "name", "alternate_name", "transportation", "latitude", "longitude", url="website"
    )
    known.organization[own_id], known.name[own_id] = cells["organization_id"], cells["name"]
    values["location_type"] = "virtual" if parts.is_true(cells["virtual"]) else "physical"
    if words := cells["description"] or cells["short_desc"]:
        values["description"] = words
    yield cells.record("location", own_id, values, url="website")
    if hours := cells["hours"]:
        held: dict[str, object] = {"location_id": own_id, "x_original_text": hours}
        yield cells.record("schedule", f"location:{own_id}/hours", held, x_original_text="hours")
    if email := cells["email"]:
        yield cells.record("contact", f"location:{own_id}/email", {"location_id": own_id, "email": email})
    yield from _list(cells, "languages", "language", "name", {"location_id": own_id})
    for word in parts.listed(cells["accessibility"]):
        held = {"location_id": own_id, "description": parts.words_of_code(word)}
        yield cells.record("accessibility", f"location:{own_id}/{word}", held, description="accessibility")


def _service(cells: _Cells, known: _Known) -> Iterator[Item]:
    own_id, place = cells["id"], cells["location_id"]
    values = cells.pick(
        "program_id", "name", "alternate_name", "description", "email", "application_process", "status", "wait_time",
        "interpretation_services", url="website", fees_description="fees",
    )  # fmt: skip
    values["organization_id"] = known.organization.get(place, "")
    if "name" not in values and known.name.get(place):
        values["name"] = known.name[place]
        yield Problem(cells.where, "named_after_place", "name", known.name[place][:80], Severity.WARNING)
    who = [words for words in (cells["eligibility"], cells["audience"]) if words]
    if who:
        values["eligibility_description"] = "\n".join(dict.fromkeys(who))
    columns = {"organization_id": "location_id", "url": "website", "fees_description": "fees"}
    yield cells.record("service", own_id, values, **columns)
    if place:
        link: dict[str, object] = {"service_id": own_id, "location_id": place}
        yield cells.record("service_at_location", f"{own_id}@{place}", link)
    owner: dict[str, object] = {"service_id": own_id}
    yield from _list(cells, "languages", "language", "name", owner)
    yield from _list(cells, "required_documents", "required_document", "document", owner)
    yield from _list(cells, "service_areas", "service_area", "name", owner)
    yield from _list(cells, "funding_sources", "funding", "source", owner)
    for taxonomy, column in (("payment", "accepted_payments"), ("keyword", "keywords")):
        for word in parts.listed(cells[column]):
            yield from coined(taxonomy, word, own_id, cells.where)
    yield from _codes(cells, own_id, known)


def _codes(cells: _Cells, service: str, known: _Known) -> Iterator[Item]:
    for code in parts.listed(cells["taxonomy_ids"] or cells["category_ids"]):
        if code not in known.codes:
            yield Neutral("taxonomy_term", code, {"name": code, "code": code}, cells.where, copies="first")
        link: dict[str, object] = {"link_id": service, "link_entity": "service", "taxonomy_term_id": code}
        yield cells.record("attribute", f"{service}/{code}", link, taxonomy_term_id="taxonomy_ids")


def _list(cells: _Cells, column: str, kind: str, name: str, owner: Mapping[str, object]) -> Iterator[Neutral]:
    """A comma list in a cell: one record for each item, named after its owner and itself."""
    ((held_by, holder),) = owner.items()
    for word in parts.listed(cells[column]):
        own_id = f"{held_by.removesuffix('_id')}:{holder}/{word.casefold()}"
        yield cells.record(kind, own_id, {**owner, name: word}, **{name: column})


def _address(cells: _Cells, _known: _Known, kind: str = "physical") -> Iterator[Item]:
    values = cells.pick(
        "location_id", "attention", "address_1", "address_2", "city", "state_province", "postal_code", "country"
    )
    yield cells.record("address", f"{kind}:{cells['id']}", {**values, "address_type": kind})


def _mail_address(cells: _Cells, known: _Known) -> Iterator[Item]:
    yield from _address(cells, known, "postal")


def _contact(cells: _Cells, _known: _Known) -> Iterator[Item]:
    values = cells.pick("location_id", "organization_id", "service_id", "name", "title", "email", "department")
    yield cells.record("contact", cells["id"], values)


def _phone(cells: _Cells, _known: _Known) -> Iterator[Item]:
    values = cells.pick(
        "contact_id", "location_id", "organization_id", "service_id", "extension",
        description="department", x_vanity="vanity_number",
    )  # fmt: skip
    values["number"] = " ".join(part for part in (parts.prefix(cells["country_prefix"]), cells["number"]) if part)
    values.update(parts.phone_kind(cells["number_type"]))
    yield cells.record("phone", cells["id"], values, type="number_type", description="department")


def _regular(cells: _Cells, _known: _Known) -> Iterator[Item]:
    values = cells.pick("location_id", "service_id", "opens_at", "closes_at")
    values |= {"byday": parts.weekday(cells["weekday"]), "freq": "WEEKLY"}
    yield cells.record("schedule", f"regular:{cells['id']}", values, byday="weekday")


def _holiday(cells: _Cells, _known: _Known) -> Iterator[Item]:
    values = cells.pick("location_id", "service_id")
    said = parts.holiday(
        cells["start_date"], cells["end_date"], parts.is_true(cells["closed"]), cells["opens_at"], cells["closes_at"]
    )
    if said is None:
        yield Problem(cells.where, "bad_date", "start_date", cells["start_date"][:80], Severity.WARNING)
    else:
        yield cells.record("schedule", f"holiday:{cells['id']}", {**values, **said}, valid_from="start_date")


def _term(cells: _Cells, _known: _Known) -> Iterator[Item]:
    own_id = parts.code(cells)
    cells["parent_name"]  # its id is enough
    yield cells.record("taxonomy_term", own_id, {"code": own_id, **cells.pick("name", "parent_id")})


_MAKERS: Mapping[str, _Maker] = {
    "organizations": _organization, "programs": _program, "locations": _location, "services": _service,
    "addresses": _address, "mail_addresses": _mail_address, "contacts": _contact, "phones": _phone,
    "regular_schedules": _regular, "holiday_schedules": _holiday, "taxonomy": _term,
}  # fmt: skip
