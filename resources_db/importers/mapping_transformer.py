"""Mapping files of the HSDS transformer, as they lie beside older exports: made into the `tables` shape.

Its models are tables of HSDS 1.x; several columns to one field are appended.
"""

from collections.abc import Iterator, Mapping

from resources_db.importers.mapping_errors import BadMappingError

_Spec = Mapping[str, object]
_FIELDS: Mapping[tuple[str, str], str] = {
    ("organizations", "url"): "organization.website",
    ("organizations", "alternative_name"): "organization.alternate_name",
    ("services", "alternative_name"): "service.alternate_name",
    ("services", "fees"): "service.fees_description",
    ("regular_schedules", "hours_of_operation"): "schedule.x_original_text",
    ("regular_schedules", "original_text"): "schedule.x_original_text",
    ("eligibilities", "eligibility"): "service.eligibility_description",
    ("eligibility", "eligibility"): "service.eligibility_description",
    ("languages", "language"): "language.name",
    ("service_areas", "service_area"): "service_area.name",
}
_OBJECTS: Mapping[str, str] = {
    "organizations": "organization", "services": "service", "locations": "location", "programs": "program",
    "phones": "phone", "contacts": "contact", "languages": "language", "regular_schedules": "schedule",
    "required_documents": "required_document", "service_areas": "service_area", "fundings": "funding",
    "postal_address": "address", "postal_addresses": "address", "physical_addresses": "address",
    "service_at_locations": "service_at_location", "services_at_locations": "service_at_location",
}  # fmt: skip
_OWN = {"organization": "organization", "service": "service", "location": "location"}


def recognise(raw: _Spec) -> bool:
    """Tables by name, each with columns that name a model."""
    return any(any("model" in spec for _column, spec in _lines(one)) for one in raw.values() if isinstance(one, dict))


def _lines(table: object) -> Iterator[tuple[str, _Spec]]:
    inner = table.get("columns", table) if isinstance(table, dict) else {}
    for column, said in inner.items() if isinstance(inner, dict) else ():
        for spec in said if isinstance(said, list) else [said]:
            if isinstance(spec, dict):
                yield str(column), spec


def tables(raw: _Spec) -> list[Mapping[str, object]]:
    """The `tables` of such a file; raises BadMappingError when a model or field is unknown."""
    return [_table(str(name), one) for name, one in raw.items() if isinstance(one, dict)]


def _table(name: str, raw: object) -> Mapping[str, object]:
    lines = list(_lines(raw))
    made_here = {_OBJECTS.get(str(spec.get("model")), "") for _column, spec in lines}
    owner = next((kind for kind in ("service", "location", "organization") if (kind, "id") in _ids(lines)), "service")
    columns: list[Mapping[str, object]] = []
    for column, spec in lines:
        model, field = str(spec.get("model", "")), str(spec.get("field", ""))
        kind = _OBJECTS.get(model) or _FIELDS.get((model, field), "").partition(".")[0]
        if not kind:
            raise BadMappingError("unknown_object", name, model)
        if field.endswith("_id") and kind not in (*_OWN, "service_at_location"):
            continue  # a part belongs to the record of its row
        to = _FIELDS.get((model, field), f"{kind}.{field}")
        if to.startswith("service.") and "service" not in made_here:
            to = f"location.{'description' if owner == 'location' else field}"
        columns.append(_line(column, to, owner, model))
    made: dict[str, object] = {"file": name if name.endswith(".csv") else f"{name}.csv", "columns": columns}
    if owner == "organization" and any(str(line["to"]).startswith("address.") for line in columns):
        # Addresses belong to places since HSDS 3: the organization's mail goes to one that nobody visits.
        made["constants"] = [{"to": "location.location_type", "value": "postal"}]
        made["ids"] = {"location": [line["column"] for line in columns if line["to"] == "organization.id"]}
    return made


def _ids(lines: list[tuple[str, _Spec]]) -> set[tuple[str, str]]:
    return {(_OBJECTS.get(str(spec.get("model")), ""), str(spec.get("field", ""))) for _column, spec in lines}


def _line(column: str, to: str, owner: str, model: str) -> Mapping[str, object]:
    line: dict[str, object] = {"column": column, "to": to}
    kind = to.partition(".")[0]
    if kind in ("phone", "schedule", "language", "contact"):
        line["of"] = owner
    if to == "service_at_location.service_id":
        line["split"] = ","
    if kind == "address":
        line["with"] = {"address_type": "postal" if model.startswith("postal") else "physical"}
    return line
