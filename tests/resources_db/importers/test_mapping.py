"""A mapping made line by line: what each line does, what the page may offer, what it guesses and what it refuses."""

from pathlib import Path

import pytest

from resources_db.importers import generic, mapping, mapping_fields, mapping_guess, mapping_preview
from resources_db.importers.files import Row
from resources_db.importers.mapping import BadMappingError
from resources_db.importers.records import CLEAR, Neutral, Problem
from tests.resources_db.importers.bringing import table
from tests.resources_db.importers.sheets import workbook

AGENCY = {"column": "Agency", "to": "organization.name"}
PROGRAM = {"column": "Program", "to": "service.name"}


def made(*lines: dict[str, object], cells: dict[str, str], **rest: object) -> dict[str, list[Neutral]]:
    """The records of one row by kind."""
    mapped = mapping.from_json({"tables": [{"file": "*", "columns": [AGENCY, PROGRAM, *lines], **rest}]})
    row = Row(2, {"Agency": "Hope, Inc.", "Program": "Pantry"} | cells)
    found: dict[str, list[Neutral]] = {}
    for item in generic.made(mapped.of_table("list.csv"), row, "list.csv"):
        assert isinstance(item, Neutral)
        found.setdefault(item.kind, []).append(item)
    return found


def test_a_row_with_two_names_makes_an_organization_and_its_service() -> None:
    found = made(cells={})
    assert found["organization"][0].external_id == "hope"
    assert found["service"][0].values == {"name": "Pantry", "organization_id": "hope"}
    assert found["service"][0].external_id == "hope/pantry"


def test_one_column_may_fill_several_fields_and_several_columns_one() -> None:
    found = made(
        {"column": "About", "to": "service.description"},
        {"column": "About", "to": "organization.description"},
        {"column": "More", "to": "service.description", "before": "Also: "},
        {"column": "Street", "to": "address.address_1"},
        {"column": "Suite", "to": "address.address_1"},
        cells={"About": "Food", "More": "Diapers", "Street": "1 Vine", "Suite": "Suite 2"},
    )
    assert found["service"][0].values["description"] == "Food\nAlso: Diapers"
    assert found["organization"][0].values["description"] == "Food"
    assert found["address"][0].values["address_1"] == "1 Vine, Suite 2"
    assert found["service_at_location"][0].values["service_id"] == "hope/pantry"


def test_each_number_begins_a_phone_and_what_follows_belongs_to_it() -> None:
    found = made(
        {"column": "Phone", "to": "phone.number"},
        {"column": "Ext", "to": "phone.extension"},
        {"column": "Fax", "to": "phone.number", "with": {"type": "fax"}},
        {"column": "Desk", "to": "phone.number", "of": "organization"},
        cells={"Phone": "513-555-0163", "Ext": "12", "Fax": "513-555-0164", "Desk": "513-555-0165"},
    )
    said = [(one.values["number"], one.values.get("extension"), one.values.get("type")) for one in found["phone"]]
    assert said == [("513-555-0163", "12", None), ("513-555-0164", None, "fax"), ("513-555-0165", None, None)]
    assert found["phone"][2].values["organization_id"] == "hope"
    assert "phone" not in made({"column": "Fax", "to": "phone.number", "with": {"type": "fax"}}, cells={"Fax": ""})


def test_lists_value_maps_constants_and_conditions() -> None:
    found = made(
        {"column": "Spoken", "to": "language.name", "split": ","},
        {
            "column": "Kind",
            "to": "service.x_needs",
            "split": ";",
            "values": {"Pantry": "food_pantry"},
            "unmapped": "drop",
        },
        {"column": "Kind", "to": mapping_fields.CATEGORY, "split": ";"},
        {"column": "Cost", "to": "service.fees_description", "only_if": {"column": "Cost", "not": "0"}},
        constants=[{"to": "service.status", "value": "active"}],
        cells={"Spoken": "English, Spanish,", "Kind": "pantry; other", "Cost": "0"},
    )
    service = found["service"][0].values
    assert (service["x_needs"], service["status"], "fees_description" in service) == (["food_pantry"], "active", False)
    assert [one.values["name"] for one in found["language"]] == ["English", "Spanish"]
    assert [one.external_id for one in found["taxonomy_term"]] == ["pantry", "other"]
    assert [one.values["taxonomy_term_id"] for one in found["attribute"]] == ["pantry", "other"]


def test_a_blank_cell_says_nothing_unless_the_mapping_says_that_blank_clears() -> None:
    line: dict[str, object] = {"column": "Alert", "to": "service.alert"}
    assert "alert" not in made(line, cells={"Alert": ""})["service"][0].values
    assert made(line | {"blank_clears": True}, cells={"Alert": ""})["service"][0].values["alert"] is CLEAR


def test_tables_point_at_each_other_by_the_ids_of_the_source() -> None:
    mapped = mapping.from_json({"tables": [
        {"file": "services.csv", "columns": [
            {"column": "no", "to": "service.id"}, {"column": "title", "to": "service.name"},
            {"column": "org", "to": "service.organization_id"}]},
        {"file": "places.csv", "columns": [
            {"column": "no", "to": "location.id"}, {"column": "name", "to": "location.name"},
            {"column": "services", "to": "service_at_location.service_id", "split": ","}]},
    ]})  # fmt: skip
    cells = {"no": "7", "name": "Hall", "services": "1, 2"}
    found = list(generic.made(mapped.of_table("Places.CSV"), Row(2, cells), "places.csv"))
    links = [one.values for one in found if isinstance(one, Neutral) and one.kind == "service_at_location"]
    assert [(one["service_id"], one["location_id"]) for one in links] == [("1", "7"), ("2", "7")]
    assert mapped.of_table("readme.txt") == ()


def test_a_row_that_fits_nothing_is_told() -> None:
    mapped = mapping.from_json({"tables": [{"columns": [AGENCY, PROGRAM]}]})
    told = list(generic.made(mapped.of_table("a.csv"), Row(3, {"Agency": "", "Program": "", "x": "?"}), "a.csv"))
    assert [(one.code, one.where.line) for one in told if isinstance(one, Problem)] == [("nothing_in_row", 3)]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"column": "a", "to": "service.colour"}, "unknown_field"),
        ({"column": "a", "to": "nothing.name"}, "unknown_field"),
        ({"column": "a", "to": "service.url", "clean": ["wash"]}, "unknown_cleaner"),
        ({"column": "a", "to": "service.url", "extract": "(a+)+$"}, "bad_pattern"),
        ({"column": "a", "to": "service.url", "extract": "("}, "bad_pattern"),
        ({"column": "a", "to": "service.url", "only_if": {"column": "b"}}, "bad_condition"),
        ({"column": "a", "to": "phone.number", "of": "moon"}, "unknown_object"),
        ({"column": "a", "to": "phone.number", "of": "contact"}, "no_owner"),
        ({"to": "service.url"}, "bad_steps"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_with_its_reason(line: dict[str, object], code: str) -> None:
    with pytest.raises(BadMappingError) as raised:
        mapping.from_json({"tables": [{"columns": [AGENCY, PROGRAM, line]}]})
    assert (raised.value.code, raised.value.where[:1]) == (code, "1")
    assert raised.value.message in str(raised.value)


@pytest.mark.parametrize("raw", [{}, {"tables": []}, {"records": []}, {"tables": [{"columns": []}]}])
def test_a_mapping_that_maps_nothing_is_refused(raw: dict[str, object]) -> None:
    with pytest.raises(BadMappingError) as raised:
        mapping.from_json(raw)
    assert raised.value.code == "no_records"


def test_everything_the_page_offers_can_be_mapped() -> None:
    lines = [{"column": one.to, "to": one.to} for one in mapping_fields.choices()]
    assert mapping.from_json({"tables": [{"columns": lines}]}).records
    assert all(one.label != one.to for one in mapping_fields.choices())


def test_a_saved_mapping_is_found_by_its_columns_in_any_order() -> None:
    one = mapping.header_hash(["Agency", "Phone  number", ""])
    assert one == mapping.header_hash(["phone Number ", "AGENCY"])
    assert one != mapping.header_hash(["Agency"])


LIST = [
    {"Agency Name": "HOPE HOUSE", "Program": "Pantry", "Phone": "513-555-0163", "Ext": "1", "Fax": "513-555-0164",
     "Street Address": "1418 Vine St", "City": "Cincinnati", "State": "OH", "Zip": "45202.0", "Where": "39.1085",
     "Website": "www.hope.example", "Hours of Operation": "Mon-Fri 9am-5pm", "Languages": "English; Spanish",
     "Internal Notes": "secret", "Contact Email": "a@hope.example", "Active?": "Yes"},
]  # fmt: skip


def test_a_mapping_is_guessed_from_names_and_contents(tmp_path: Path) -> None:
    guessed = mapping_guess.suggest_mapping(list(LIST[0]), LIST)
    (only,) = guessed["tables"]
    fields = {line["column"]: line["to"] for line in only["columns"]}
    assert fields["Agency Name"] == "organization.name"
    assert fields["Program"] == "service.name"
    assert (fields["Phone"], fields["Ext"], fields["Fax"]) == ("phone.number", "phone.extension", "phone.number")
    assert (fields["Street Address"], fields["Zip"]) == ("address.address_1", "address.postal_code")
    assert (fields["Where"], fields["Hours of Operation"]) == ("location.latitude", "schedule.x_original_text")
    assert not {"Internal Notes", "Active?"} & fields.keys()
    path = tmp_path / "list.csv"
    path.write_text(table(LIST), "utf-8")
    seen = mapping_preview.preview(path, mapping.from_json(guessed))
    (row,) = seen.rows
    assert {one.kind for one in row.records} >= {"organization", "service", "location", "address", "phone", "language"}
    assert ("ZIP code", "45202") in [field for one in row.records for field in one.fields]


def test_the_page_sees_the_tables_of_a_spreadsheet(tmp_path: Path) -> None:
    book = workbook(
        tmp_path / "a.xlsx", {"Agencies": [["Agency", "Phone"], ["Hope", "211"]], "Sites": [["Site"], ["Hall"]]}
    )
    found = mapping_preview.look(book)
    assert [(one.file, one.header, one.rows[0]) for one in found] == [
        ("Agencies", ["Agency", "Phone"], {"Agency": "Hope", "Phone": "211"}),
        ("Sites", ["Site"], {"Site": "Hall"}),
    ]


def test_a_mapping_file_of_the_hsds_transformer_is_understood() -> None:
    raw = {"services": {"nr": {"model": "services", "field": "id"}, "title": {"model": "services", "field": "name"},
                        "org": {"model": "services", "field": "organization_id"},
                        "a": {"model": "services", "field": "application_process"},
                        "b": {"model": "services", "field": "application_process", "append": True},
                        "tel": {"model": "phones", "field": "number"}}}  # fmt: skip
    mapped = mapping.from_json(raw)
    cells = {"nr": "1", "title": "Pantry", "org": "9", "a": "Walk in", "b": "Or call", "tel": "211"}
    found = {one.kind: one for one in generic.made(mapped.of_table("services.csv"), Row(2, cells), "services.csv")}
    assert found["service"].values["application_process"] == "Walk in\nOr call"
    assert found["phone"].values == {"number": "211", "service_id": "1"}
