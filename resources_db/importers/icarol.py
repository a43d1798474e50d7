"""iCarol rows as records: agencies, sites, programs and programs at sites, with every flag of the source obeyed.

Two passes: the first learns what other rows depend on (a few short maps), the second hands over row by row.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from resources_db.importers import icarol_parts as parts
from resources_db.importers.files import Row
from resources_db.importers.icarol_cells import Cells, is_no, is_yes
from resources_db.importers.private_words import told
from resources_db.importers.records import CLEAR, Item, Note, Problem, Severity, Where
from resources_db.vocab import ConfirmMethod, ServiceStatus, Visibility

Rows = Callable[[], Iterable[Row | Problem]]
KINDS: Mapping[str, str] = {
    "agency": "organization", "site": "location", "program": "service",
    "programatsite": "service_at_location", "servicesite": "service_at_location",
}  # fmt: skip
_MESSAGE = ("TemporaryMessage", "TemporaryMessageAppears", "TemporaryMessageExpires")


@dataclass(slots=True)
class _Known:
    """What one row must know of others: held back agencies, programs with a site, messages of agencies, languages."""

    closed: set[str] = field(default_factory=set)
    held_back: set[str] = field(default_factory=set)
    unreferable: set[str] = field(default_factory=set)
    sited: set[str] = field(default_factory=set)
    """Programs that name a site, and agencies that have one."""
    placed: set[str] = field(default_factory=set)
    """Agencies with an address of their own."""
    messages: dict[str, Mapping[str, str]] = field(default_factory=dict)
    seen: dict[tuple[str, str], str] = field(default_factory=dict)


def items(rows: Rows, file: str) -> Iterator[Item]:
    """Everything in a table of iCarol rows."""
    known = _learn(rows())
    withheld: Counter[str] = Counter()
    unread, read = set[str](), set[str]()
    for row in rows():
        if isinstance(row, Problem):
            yield row
            continue
        cells = Cells.of(row.cells, Where(file, row.line), withheld)
        yield from _row(cells, known)
        unread.update(cells.unread())
        read.update(cells.read)
    yield from told(withheld, Where(file, 1))
    for column in sorted(unread - read):
        yield Problem(Where(file, 1), "column_not_read", column, severity=Severity.WARNING)


def _level(cells: Mapping[str, str]) -> str:
    return KINDS.get(cells.get("TaxonomyLevelName", "").strip().casefold().replace(" ", ""), "")


def _learn(rows: Iterable[Row | Problem]) -> _Known:
    known = _Known()
    for row in rows:
        if isinstance(row, Problem):
            continue
        own_id, kind = row.cells.get("ResourceAgencyNum", "").strip(), _level(row.cells)
        known.seen.setdefault((kind, own_id), row.cells.get("LanguageOfRecord", "").strip().casefold())
        if kind == "service_at_location":
            known.sited.add(row.cells.get("ConnectsToProgramNum", "").strip())
        if kind == "location":
            known.sited.add(f"agency:{row.cells.get('ParentAgencyNum', '').strip()}")
        if kind == "organization":
            if any(row.cells.get(name, "").strip() for name in ("PhysicalAddress1", "PhysicalCity")):
                known.placed.add(own_id)
            for found, holds in (
                (known.closed, _closed),
                (known.held_back, _held_back),
                (known.unreferable, _no_referral),
            ):
                if holds(row.cells):
                    found.add(own_id)
            if row.cells.get(_MESSAGE[0], "").strip():
                known.messages[own_id] = {name: row.cells.get(name, "").strip() for name in _MESSAGE}
    return known


def _closed(cells: Mapping[str, str]) -> bool:
    status = cells.get("AgencyStatus", "").strip().casefold()
    return status.startswith("inactive") or bool(cells.get("MadeInactiveOn", "").strip())


def _held_back(cells: Mapping[str, str]) -> bool:
    excluded = any(is_yes(cells.get(name, "")) for name in ("ExcludeFromWebsite", "ExcludeFromDirectory"))
    return excluded or is_no(cells.get("AvailableForDirectory", ""))


def _no_referral(cells: Mapping[str, str]) -> bool:
    return is_no(cells.get("AvailableForReferral", "")) or "not refer" in cells.get("AgencyStatus", "").casefold()


def _row(cells: Cells, known: _Known) -> Iterator[Item]:
    kind = _level(cells.cells)
    for name in ("TaxonomyLevelName", "AgencyStatus", "MadeInactiveOn", "AvailableForReferral", "ExcludeFromWebsite"):
        cells.flag(name)
    cells.flag("ExcludeFromDirectory")
    if not kind or not cells.id:
        yield cells.warn("no_such_table", "TaxonomyLevelName", cells.flag("TaxonomyLevelName"))
    elif known.seen[kind, cells.id] != cells.flag("LanguageOfRecord").casefold():
        yield cells.warn("other_language", "LanguageOfRecord", cells.flag("LanguageOfRecord"))
    else:
        yield from _MAKERS[kind](cells, known)
        yield from cells.notes(kind)


def _common(cells: Cells, agency: str, known: _Known) -> tuple[dict[str, object], list[Problem]]:
    """Visibility and the day it was last checked, for any of the four kinds."""
    values: dict[str, object] = {}
    problems: list[Problem] = []
    if _closed(cells.cells) or agency in known.closed:
        values["x_visibility"] = Visibility.STAFF.value
        problems.append(cells.warn("inactive", "AgencyStatus"))
    elif _held_back(cells.cells) or agency in known.held_back:
        values["x_visibility"] = Visibility.STAFF.value
        problems.append(cells.warn("not_for_public", "ExcludeFromWebsite"))
    if checked := cells["LastVerifiedOn"]:
        values |= {"x_confirmed_at": checked, "x_confirmed_method": ConfirmMethod.IMPORT.value}
    return values, problems


def _agency(cells: Cells, known: _Known) -> Iterator[Item]:
    values, problems = _common(cells, "", known)
    values |= {
        "name": cells["PublicName"],
        "alternate_name": cells.first("AlternateName", "OfficialName"),
        "description": cells["AgencyDescription"],
        "email": cells["EmailAddressMain"],
        "website": cells["WebsiteAddress"],
        "legal_status": cells["LegalStatus"],
        "year_incorporated": cells["YearIncorporated"],
    }
    cells.read.update(_MESSAGE)
    yield from problems
    yield cells.record("organization", cells.id, values, name="PublicName", website="WebsiteAddress")
    yield from parts.phones(cells, "organization", cells.id)
    yield from parts.people(cells, "organization", cells.id)
    if cells.id in known.placed and f"agency:{cells.id}" not in known.sited:
        yield from parts.place(cells, f"agency:{cells.id}", cells.id, cells["PublicName"])
        yield from parts.hours(cells, "location", f"agency:{cells.id}")


def _site(cells: Cells, known: _Known) -> Iterator[Item]:
    agency = cells["ParentAgencyNum"]
    seen, problems = _common(cells, agency, known)
    yield from problems
    for record in parts.place(cells, cells.id, agency, cells["PublicName"]):
        if record.external_id == cells.id and record.kind == "location":
            record.values.update(seen)
            record.values.update({"alternate_name": cells["AlternateName"], "url": cells["WebsiteAddress"]})
        yield record
    yield from parts.phones(cells, "location", cells.id)
    yield from parts.people(cells, "location", cells.id)
    yield from parts.hours(cells, "location", cells.id)
    if text := cells["TemporaryMessage"]:
        cells.read.update(_MESSAGE)
        yield cells.warn("message_of_place", "TemporaryMessage")
        yield Note("location", cells.id, text, cells.where, "TemporaryMessage")


def _program(cells: Cells, known: _Known) -> Iterator[Item]:
    agency = cells["ParentAgencyNum"]
    values, problems = _common(cells, agency, known)
    closed = values.get("x_visibility") and (_closed(cells.cells) or agency in known.closed)
    values |= {
        "organization_id": agency,
        "status": (ServiceStatus.INACTIVE if closed else ServiceStatus.ACTIVE).value,
        "name": cells["PublicName"],
        "alternate_name": cells.first("AlternateName", "OfficialName"),
        "description": cells["AgencyDescription"],
        "email": cells["EmailAddressMain"],
        "url": cells["WebsiteAddress"],
        "application_process": cells["ApplicationProcess"],
        "eligibility_description": "\n".join(
            words for words in (cells["Eligibility"], cells["CustomEligibilitybyAge"]) if words
        ),
        "fees_description": cells["FeeStructureSource"],
        "wait_time": cells["NormalWaitTime"],
        "accreditations": cells["LicenseAccreditation"],
    }
    if _no_referral(cells.cells) or agency in known.unreferable:
        values["x_takes_referrals"] = False
        problems.append(cells.warn("no_referrals", "AvailableForReferral"))
    elif is_yes(cells.flag("AvailableForReferral")):
        values["x_takes_referrals"] = True
    values |= _alert(cells, known.messages.get(agency, {}))
    yield from problems
    columns = {"name": "PublicName", "organization_id": "ParentAgencyNum", "url": "WebsiteAddress"}
    yield cells.record("service", cells.id, values, **columns, x_confirmed_at="LastVerifiedOn")
    yield from parts.phones(cells, "service", cells.id)
    yield from parts.people(cells, "service", cells.id)
    yield from parts.hours(cells, "service", cells.id)
    yield from parts.of_service(cells, cells.id)
    if cells.id not in known.sited:
        yield from _where_alone(cells, agency, known)


def _where_alone(cells: Cells, agency: str, known: _Known) -> Iterator[Item]:
    """A program that names no site says itself where it is, or is where its agency is."""
    place = f"program:{cells.id}"
    if parts.has_address(cells, "Physical"):
        yield from parts.place(cells, place, agency, cells["PublicName"])
    elif agency in known.placed and f"agency:{agency}" not in known.sited:
        place = f"agency:{agency}"
    else:
        return
    link: dict[str, object] = {"service_id": cells.id, "location_id": place}
    yield cells.record("service_at_location", f"{cells.id}@{place}", link)


def _alert(cells: Cells, of_agency: Mapping[str, str]) -> dict[str, object]:
    own = {name: cells[name] for name in _MESSAGE}
    said = own if own[_MESSAGE[0]] else of_agency
    if not said:
        # The column says what holds now: without a message there is none.
        stands = _MESSAGE[0] in cells.cells
        return dict.fromkeys(("alert", "x_alert_from", "x_alert_until"), CLEAR) if stands else {}
    return {"alert": said[_MESSAGE[0]], "x_alert_from": said[_MESSAGE[1]], "x_alert_until": said[_MESSAGE[2]]}


def _program_at_site(cells: Cells, known: _Known) -> Iterator[Item]:
    values, problems = _common(cells, cells["ParentAgencyNum"], known)
    values |= {"service_id": cells["ConnectsToProgramNum"], "location_id": cells["ConnectsToSiteNum"]}
    values["description"] = cells["AgencyDescription"]
    yield from problems
    columns = {"service_id": "ConnectsToProgramNum", "location_id": "ConnectsToSiteNum"}
    yield cells.record("service_at_location", cells.id, values, **columns)
    yield from parts.phones(cells, "service_at_location", cells.id)
    yield from parts.people(cells, "service_at_location", cells.id)
    yield from parts.hours(cells, "service_at_location", cells.id)


_MAKERS: Mapping[str, Callable[[Cells, _Known], Iterator[Item]]] = {
    "organization": _agency, "location": _site, "service": _program, "service_at_location": _program_at_site,
}  # fmt: skip
