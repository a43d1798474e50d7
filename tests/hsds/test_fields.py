"""Every object and every field of the published schemas has a column, of the right type, required where they say."""

import json
from pathlib import Path

import pytest

from resources_db import vocab
from resources_db.hsds.fields import NESTED, OBJECTS, WITHOUT_ATTRIBUTES, Field

NO_OBJECTS = {"openapi", "datapackage"}
FORMATS = {"uuid": ("id", "link", "ref"), "uri": ("uri",), "email": ("email",), "date-time": ("datetime",)}
NUMBERS = ("number", "int", "extension")


@pytest.fixture(scope="module")
def schemas(shared: Path) -> dict[str, dict]:
    found = {file.stem: json.loads(file.read_text("utf-8")) for file in sorted((shared / "data/hsds").glob("*.json"))}
    return {name: schema for name, schema in found.items() if name not in NO_OBJECTS}


def test_there_are_the_24_objects_under_their_file_names(schemas: dict[str, dict]) -> None:
    assert len(OBJECTS) == 24
    assert {name: kind.file for name, kind in OBJECTS.items()} == {name: one["path"] for name, one in schemas.items()}


def test_every_field_has_a_column_and_every_list_a_member(schemas: dict[str, dict]) -> None:
    for name, schema in schemas.items():
        ours = {field.name for field in OBJECTS[name].fields if not field.ours}
        nested = {member.name for member in NESTED.get(name, ())} - {"services"}
        if name == "service_at_location":
            nested -= {"service"}  # of the API: the object has the key only
        said = (set() if name in WITHOUT_ATTRIBUTES else {"attributes"}) | (
            set() if name == "metadata" else {"metadata"}
        )
        assert ours | nested | said == set(schema["properties"]), name


def test_types_formats_and_words_are_those_of_the_schemas(schemas: dict[str, dict]) -> None:
    for name, schema in schemas.items():
        for field in OBJECTS[name].fields:
            if not field.ours:
                assert fits(field, schema["properties"][field.name]), f"{name}.{field.name} is no {field.type}"


def fits(field: Field, described: dict) -> bool:
    how, _, words = field.type.partition(":")
    if described["type"] == "number":
        return how in NUMBERS
    if enum := described.get("enum"):
        ours = words.split("|") if how == "code" else [str(word) for word in getattr(vocab, words)]
        return sorted(ours) == sorted(enum)
    if (form := described.get("format")) is not None:
        return how in FORMATS[form]
    return how in ("text", "date", "time", "word", "code")


def test_what_the_schemas_require_is_required(schemas: dict[str, dict]) -> None:
    for name, schema in schemas.items():
        nested = {member.name for member in NESTED.get(name, ())}
        ours = {field.name for field in OBJECTS[name].fields if field.required == "json"}
        assert ours == set(schema.get("required", ())) - nested, name
        in_tables = set(schema.get("tabular_required", ()))
        assert in_tables <= {field.name for field in OBJECTS[name].fields if field.required}, name


def test_rows_stand_after_what_they_point_at() -> None:
    seen: set[str] = set()
    for kind in OBJECTS.values():
        assert {ref.target for ref in kind.references} <= seen | {kind.name}, kind.name
        seen.add(kind.name)
