"""Guesses a mapping from the names of columns and what stands in them. A start for a person, never used unseen."""

import re
from collections.abc import Mapping, Sequence

from resources_db.importers import column_sense, mapping_fields
from resources_db.importers.column_sense import Sense

# Names of columns, as words in any order of punctuation and case; the first pattern that fits wins.
_NAMES: tuple[tuple[str, str], ...] = (
    ("organization.id", r"(?:organi[sz]ation|agency|provider|parent agency) (?:id|uuid|num|number|key)"),
    ("service.id", r"(?:services?|program|resource) (?:id|uuid|num|number|key)"),
    ("location.id", r"(?:location|site|place) (?:id|uuid|num|number|key)"),
    ("phone.extension", r"(?:phone )?(?:ext|extension)"),
    ("fax", r"(?:.* )?fax(?: .*)?"),
    ("phone.number", r"(?:.* )?(?:phones?|telephone|tel|hotline|tty|tdd)(?: (?:number|no|#|\d))?(?: .*)?"),
    ("contact.email", r"contact e ?mail"),
    ("contact.title", r"contact (?:title|role|position)"),
    ("contact.name", r"contact(?: person)?(?: name)?"),
    ("location.latitude", r"(?:.* )?lat(?:itude)?"),
    ("location.longitude", r"(?:.* )?(?:lng|lon|long|longitude)"),
    ("address.postal_code", r"(?:.* )?(?:zip|zip ?code|postal ?code|postcode)"),
    ("address.state_province", r"(?:.* )?(?:state|province|state province)"),
    ("address.city", r"(?:.* )?(?:city|town)"),
    ("address.region", r"county"),
    ("address.country", r"country"),
    ("address.address_2", r"(?:.* )?(?:address|street|addr) ?(?:line )?2|suite|unit"),
    ("address.address_1", r"(?:physical |street |location |site )?(?:address|street|addr)(?: (?:line )?1)?"),
    ("schedule.x_original_text", r"(?:.* )?(?:hours|schedule|open(?:ing)? (?:times|hours))(?: .*)?"),
    ("language.name", r"(?:.* )?languages?(?: .*)?"),
    ("service.eligibility_description", r"(?:.* )?(?:eligib\w*|who can go|requirements|population|audience)(?: .*)?"),
    ("required_document.document", r"(?:required )?(?:documents?|documentation|what to bring)(?: .*)?"),
    ("service.fees_description", r"(?:.* )?(?:fees?|cost|price)(?: .*)?"),
    ("service.application_process", r"(?:how to apply|application(?: process)?|intake.*|apply.*|process for .*)"),
    ("service.wait_time", r"wait(?:ing)? time"),
    ("service.minimum_age", r"(?:.* )?min(?:imum)? age"),
    ("service.maximum_age", r"(?:.* )?max(?:imum)? age"),
    ("service.status", r"(?:service |program )?status"),
    ("service.interpretation_services", r"interpret\w*(?: services)?"),
    ("service_area.name", r"(?:.* )?(?:area|areas|service areas?|coverage)(?: served)?"),
    ("accessibility.description", r"(?:.* )?(?:accessib\w*|disabilit\w*|ada)(?: .*)?"),
    ("location.transportation", r"transport\w*|bus(?: .*)?|transit"),
    (mapping_fields.CATEGORY, r"(?:.* )?(?:categor(?:y|ies)|types?|taxonomy|service types?|topics?)"),
    ("service.x_confirmed_at", r"(?:last )?(?:verified|confirmed|checked)(?: on| date)?"),
    ("organization.website", r"(?:organi[sz]ation|agency) (?:web ?site|url)(?: address)?"),
    ("organization.email", r"(?:organi[sz]ation|agency) e ?mail(?: address)?"),
    ("organization.description", r"(?:organi[sz]ation|agency) (?:description|about)|who we are"),
    ("organization.alternate_name", r"(?:organi[sz]ation|agency) (?:alternate|alternative|other) name|aka"),
    ("organization.name", r"(?:organi[sz]ation|agency|provider|parent agency)(?: name)?"),
    ("service.alternate_name", r"(?:services? |program )?(?:alternate|alternative) name"),
    ("service.name", r"(?:services?|program|resource)(?: name| title)?"),
    ("location.name", r"(?:location|site|place)(?: name)?"),
    ("service.url", r"(?:.* )?(?:web ?site|url|web|link)(?: address)?"),
    ("service.email", r"(?:.* )?e ?mail(?: address)?"),
    ("service.description", r"(?:.* )?(?:description|about|summary|details|body)(?: .*)?"),
    ("service.alert", r"alert|warning|temporary message"),
    ("name", r"name|title"),
    ("id", r"id|uuid|key|record id|external id"),
)
_COMPILED = tuple((to, re.compile(rf"(?:{pattern})$")) for to, pattern in _NAMES)
# Contents that a field can hold: a name is not believed against its cells.
_FITS: Mapping[str, frozenset[Sense]] = {
    "phone.number": frozenset({"phone", "number", "text", "empty"}),
    "fax": frozenset({"phone", "number", "text", "empty"}),
    "address.postal_code": frozenset({"zip", "number", "empty"}),
    "location.latitude": frozenset({"latitude", "number", "empty"}),
    "location.longitude": frozenset({"longitude", "number", "empty"}),
    "service.url": frozenset({"uri", "text", "empty"}),
    "service.email": frozenset({"email", "text", "empty"}),
    "service.minimum_age": frozenset({"number", "zip", "empty"}),
    "service.maximum_age": frozenset({"number", "zip", "empty"}),
    "service.x_confirmed_at": frozenset({"date", "empty"}),
    "schedule.x_original_text": frozenset({"hours", "text", "long_text", "weekday", "time", "empty"}),
}
_OF_SENSE: Mapping[Sense, str] = {
    "email": "service.email", "uri": "service.url", "phone": "phone.number", "zip": "address.postal_code",
    "state": "address.state_province", "latitude": "location.latitude", "longitude": "location.longitude",
    "hours": "schedule.x_original_text", "long_text": "service.description",
}  # fmt: skip
_PRIVATE = re.compile(r"intern|private|confidential|editor|viewer|staff|verified by|authored|ssn|password|note|holiday")
# What a table is about, by its file's name: its bare columns are fields of that.
_OF_STEM: Mapping[str, Mapping[str, str]] = {
    "organization": {
        "name": "organization.name", "id": "organization.id", "service.url": "organization.website",
        "service.email": "organization.email", "service.description": "organization.description",
        "service.alternate_name": "organization.alternate_name", "service.name": "", "service.id": "",
    },
    "location": {
        "name": "location.name", "id": "location.id", "organization.id": "location.organization_id",
        "service.name": "service_at_location.service_id", "service.url": "location.url", "organization.name": "",
        "service.description": "location.description",
    },
    "service": {
        "organization.id": "service.organization_id", "location.id": "service_at_location.location_id",
        "name": "service.name", "id": "service.id",
    },
}  # fmt: skip
_TITLED = frozenset({"organization.name", "service.name", "location.name", "address.city"})
_SPLIT = frozenset(
    {"language.name", mapping_fields.CATEGORY, "service_area.name", "service_at_location.service_id"}
    | {"service_at_location.location_id"}
)


def suggest_mapping(
    header: Sequence[str], sample_rows: Sequence[Mapping[str, str]], *, source: str = "", file: str = "*"
) -> dict[str, object]:
    """A mapping in its `tables` form for one table; columns it does not understand have no line."""
    columns: list[dict[str, object]] = []
    taken: set[str] = set()
    about = next((stem for stem in _OF_STEM if re.match(rf"{stem}s?\b", file.lower())), "")
    of_stem = _OF_STEM.get(about, {})
    for column in header:
        cells = [row.get(column, "") for row in sample_rows]
        to = _field_of(column, column_sense.sense(cells), taken)
        to = of_stem.get(to, to)
        if to.startswith("service.") and about in ("organization", "location") and to != "service.organization_id":
            continue
        if to:
            taken.add(to)
            columns.append(_line(column, to, cells, about))
    if about == "service" and "service.organization_id" in taken:
        columns = [line for line in columns if line["to"] != "organization.name"]  # it has its own table
    columns += _implied(columns, taken) if not about else []
    services = any(str(line["to"]).startswith("service.") for line in columns)
    constants = [{"to": "service.status", "value": "active"}] if services and "service.status" not in taken else []
    table = {"file": file, "ids": {}, "columns": columns, "constants": constants}
    return {"version": 1, "source": source, "tables": [table]}


def _field_of(column: str, held: Sense, taken: set[str]) -> str:
    words = " ".join(re.findall(r"[a-z]+|\d+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column).lower()))
    if held in ("empty", "yes_no") or not words or _PRIVATE.search(words):
        return ""
    for to, pattern in _COMPILED:
        if pattern.match(words) and held in _FITS.get(to, {held}):
            again = mapping_fields.is_many(to) or to in ("fax", "service.application_process")
            return to if again or to not in taken else ""
    guessed = _OF_SENSE.get(held, "")
    return guessed if guessed not in taken else ""


def _line(column: str, to: str, cells: Sequence[str], about: str) -> dict[str, object]:
    line: dict[str, object] = {"column": column, "to": "phone.number" if to == "fax" else to}
    if to == "fax":
        line["with"] = {"type": "fax"}
    kind = str(line["to"]).partition(".")[0]
    if about in ("organization", "location") and kind in ("phone", "schedule", "language", "contact"):
        line["of"] = about
    if to in _TITLED:
        line["clean"] = ["title"]
    elif to == "address.postal_code":
        line["clean"] = ["zip"]
    elif to.endswith("description"):
        line["clean"] = ["text"]
    if to in _SPLIT and (mark := _separator(cells)):
        line["split"] = mark
    return line


def _separator(cells: Sequence[str]) -> str:
    counts = {mark: sum(mark in cell for cell in cells) for mark in (";", "|", "\n", ",")}
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] else ""


def _implied(columns: list[dict[str, object]], taken: set[str]) -> list[dict[str, object]]:
    """`name` alone names the service and who offers it; `id` alone is the service's. Mends the lines in place."""
    more: list[dict[str, object]] = []
    for line in columns:
        if line["to"] == "id":
            line["to"] = "service.id" if "service.id" not in taken else "location.id"
        elif line["to"] == "name":
            line["to"] = "service.name" if "service.name" not in taken else "location.name"
            line["clean"] = ["title"]
    made = {str(line["to"]) for line in columns}
    name = next((line["column"] for line in columns if line["to"] in ("service.name", "organization.name")), None)
    for wanted in ("organization.name", "service.name"):
        reference = wanted == "organization.name" and "service.organization_id" in made
        if name and wanted not in made and not reference:
            more.append({"column": name, "to": wanted, "clean": ["title"]})
    return more
