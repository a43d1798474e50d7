"""The API document of /hsds is valid, true of the answers, and no question it allows or forbids breaks the server."""

import json
import os

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from portal import wiring
from portal.api.hsds import document, members
from resources_db.tenancy import system
from tests.conftest import ROOT
from tests.resources_db.directory_world import pantry

HOST = "http://127.0.0.1:8000"
PATHS = document.openapi(HOST)["paths"]
EXAMPLES = int(os.environ.get("HANDRAIL_EXAMPLES", "40"))
ODD = ["", "0", "-1", "1", "x", "true", "9" * 400, "1e400", "nan", "45202", "2026-01-01", "0001-01-01T00:00:00+23:59"]
VALUES = st.sampled_from([*ODD, "9999-12-31T23:59:59-23:59", "%", "_", "\\", "ndjson", "'", "\u0000", "💥"]) | st.text(
    max_size=12
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | VALUES,
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=3,
)
CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.fixture
def client(app: Flask, runtime: wiring.Runtime) -> FlaskClient:
    with runtime.database.writing(system()) as session, session.begin():
        pantry(session)
    return app.test_client()


@pytest.fixture
def described(client: FlaskClient) -> dict:
    return client.get("/hsds/openapi.json", base_url=HOST).json


def test_the_document_is_open_api_3_1_and_complete(described: dict) -> None:
    assert described["openapi"] == "3.1.0"
    for schema in described["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    operations = [operation for path in described["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    assert all("429" in operation["responses"] for operation in operations)
    text = json.dumps(described)
    wanted = {part.split('"')[0] for part in text.split('"$ref": "#/components/schemas/')[1:]}
    assert wanted <= described["components"]["schemas"].keys()


def test_what_is_required_where_the_standard_is_read_is_offered(described: dict, shared) -> None:
    """Every path, parameter and method of the published document."""
    published = json.loads((shared / "data/hsds/openapi.json").read_text("utf-8"))
    for path, methods in published["paths"].items():
        for method, operation in methods.items():
            if method not in ("get", "post"):
                continue
            ours = described["paths"][path][method]
            asked = {(one.get("name") or one["$ref"].rsplit("/", 1)[-1]) for one in operation.get("parameters", ())}
            if method == "get":
                offered = {one["name"] for one in ours.get("parameters", ())}
            else:
                offered = {*ours["requestBody"]["content"]["application/json"]["schema"]["properties"]}
            assert asked <= offered, (path, method)


def test_full_records_are_as_the_document_says(client: FlaskClient, described: dict) -> None:
    for path, kind in (
        ("services", "service"),
        ("organizations", "organization"),
        ("service_at_locations", "service_at_location"),
    ):
        found = client.get(f"/hsds/{path}?full=true", base_url=HOST).json["contents"]
        schema = {"$ref": f"#/components/schemas/{kind}", "components": described["components"]}
        for record in found:
            jsonschema.Draft202012Validator(schema).validate(record)
        assert found


def test_every_added_member_is_explained_in_the_docs() -> None:
    text = (ROOT / "docs/api.md").read_text("utf-8")
    missing = [name for name in members.WORDS if f"`{name}`" not in text]
    assert missing == []


@st.composite
def questions(draw: st.DrawFn) -> tuple[str, str, str, dict, str]:
    """A path of the document, the method, the address, its parameters and a body: right, wrong and strange."""
    path = draw(st.sampled_from(sorted(PATHS)))
    names = [one["name"] for one in PATHS[path]["get"].get("parameters", ())]
    asked = draw(st.dictionaries(st.sampled_from([*names, "strange"]), VALUES, max_size=4))
    body = draw(st.dictionaries(st.sampled_from([*names, "strange"]), ANY_JSON, max_size=3) | ANY_JSON)
    record = draw(st.sampled_from(["x", "0", "%00", "00000000-0000-4000-8000-000000000000", "🙂"]))
    method = draw(st.sampled_from(sorted(PATHS[path])))
    return path, method, f"/hsds{path.replace('{id}', record)}", asked, json.dumps(body)


@settings(
    max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=CHECKS, phases=[Phase.generate],
    derandomize=EXAMPLES < 100,
)  # fmt: skip
@given(question=questions())
def test_no_question_breaks_the_server(client: FlaskClient, question: tuple[str, str, str, dict, str]) -> None:
    path, method, address, asked, body = question
    more = {"data": body} if method == "post" else {}
    answer = client.open(address, method=method.upper(), query_string=asked, base_url=HOST, **more)
    answer.get_data()
    assert str(answer.status_code) in {*PATHS[path][method]["responses"]}, (question, answer.status_code)
    assert "Access-Control-Allow-Origin" in answer.headers
    if answer.status_code >= 400:
        assert answer.mimetype == "application/problem+json"
