"""The HSDS API as other systems meet it, on both databases."""

import json
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import wiring
from resources_db.models import directory as d
from resources_db.models.curation import Tombstone
from resources_db.tenancy import system
from resources_db.vocab import Confidentiality, Visibility
from tests.resources_db.directory_world import NOW, pantry

HOST = "http://127.0.0.1:8000"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def known(runtime: wiring.Runtime) -> dict[str, str]:
    """Two public pantries, one of staff only, one in a hidden place."""
    ids: dict[str, str] = {}
    with runtime.database.writing(system()) as session, session.begin():
        for name, place in {
            "Hope Pantry": {},
            "Elm Street Food Shelf": {},
            "Staff Pantry": {},
            "Safe House": {"confidentiality": Confidentiality.HIDDEN},
        }.items():
            key = pantry(session, name=name, **place)
            service = session.get_one(d.Service, key.service_id)
            ids[name] = str(key.service_id)
            ids[f"{name} org"] = str(service.organization_id)
            if name == "Staff Pantry":
                service.visibility = Visibility.STAFF
    return ids


def get(client: FlaskClient, path: str, **query: str):
    return client.get(f"/hsds{path}", query_string=query, base_url=HOST)


def names(answer) -> list[str]:
    return [item["name"] for item in answer.json["contents"]]


def test_the_root_says_version_and_profile(client: FlaskClient) -> None:
    assert get(client, "/").json["version"] == "3.1"
    assert "x_needs" in get(client, "/profile").json["members"]["service"]
    assert get(client, "/openapi.json").json["openapi"].startswith("3.1")


def test_a_page_has_all_eight_members_and_only_public_services(client: FlaskClient, known: dict[str, str]) -> None:
    answer = get(client, "/services", per_page="2")
    assert names(answer) == ["Elm Street Food Shelf", "Hope Pantry"]
    envelope = {name: value for name, value in answer.json.items() if name != "contents"}
    assert envelope == {
        "total_items": 3, "total_pages": 2, "page_number": 1, "size": 2, "first_page": True, "last_page": False, "empty": False,
    }  # fmt: skip
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_beyond_the_last_page_the_total_stays_true(client: FlaskClient, known: dict[str, str]) -> None:
    answer = get(client, "/services", page="9").json
    assert (answer["total_items"], answer["empty"], answer["contents"]) == (3, True, [])


def test_a_full_service_nests_its_place_phones_and_hours(client: FlaskClient, known: dict[str, str]) -> None:
    service = get(client, f"/services/{known['Hope Pantry']}").json
    place = service["service_at_locations"][0]["location"]
    assert place["addresses"][0]["postal_code"] == "45202"
    assert place["schedules"][0]["opens_at"] == "09:00"
    assert service["phones"][0]["number"] == "513-555-0163"
    assert service["x_needs"] == ["food_pantry"]
    assert service["organization"]["x_filled"] == ["description"]


def test_a_hidden_place_is_left_out_and_the_service_stays(client: FlaskClient, known: dict[str, str]) -> None:
    for path in (f"/services/{known['Safe House']}", f"/organizations/{known['Safe House org']}"):
        text = get(client, path).text
        assert "Vine" not in text
        assert "39.11" not in text
        assert "service_at_locations" not in text
    assert "Safe House" not in get(client, "/service_at_locations").text


FILTERED = [
    ({"search": "hope"}, ["Hope Pantry"]),
    ({"search": "pantry hope"}, ["Hope Pantry"]),
    ({"search": "100%"}, []),
    ({"modified_after": NOW.isoformat()}, ["Elm Street Food Shelf", "Hope Pantry", "Safe House"]),
    ({"modified_after": (NOW + timedelta(seconds=1)).isoformat()}, []),
    ({"taxonomy_term_id": str(uuid.uuid4())}, []),
    ({"search": "hope", "modified_after": "2999-01-01T00:00:00Z"}, []),
]


def test_filters_are_joined_by_and(client: FlaskClient, known: dict[str, str]) -> None:
    for query, expected in FILTERED:
        assert names(get(client, "/services", **query)) == expected, query


def test_services_of_one_organization(client: FlaskClient, known: dict[str, str]) -> None:
    assert names(get(client, "/services", organization_id=known["Hope Pantry org"])) == ["Hope Pantry"]


def test_post_takes_the_same_parameters_in_a_body(client: FlaskClient, known: dict[str, str]) -> None:
    answer = client.post("/hsds/services", json={"search": "hope", "full": True}, base_url=HOST)
    assert names(answer) == ["Hope Pantry"]
    assert "service_at_locations" in answer.json["contents"][0]


def test_minimal_tells_what_changed(client: FlaskClient, known: dict[str, str]) -> None:
    items = get(client, "/services", minimal="true").json["contents"]
    assert [set(item) for item in items] == [{"id", "modified_date", "last_modified"}] * 3


def test_ndjson_is_one_record_a_line(client: FlaskClient, known: dict[str, str]) -> None:
    answer = get(client, "/services", format="ndjson", full="true")
    records = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.mimetype == "application/x-ndjson"
    assert [record["id"] for record in records] == [
        known[name] for name in ("Elm Street Food Shelf", "Hope Pantry", "Safe House")
    ]


def test_places_are_found_by_postcode_and_distance(client: FlaskClient, known: dict[str, str]) -> None:
    for postcode, proximity, count in (
        ("45202", "", 2),
        ("45203", "", 0),
        ("45202", "5000", 2),
        ("45202", "10", 0),
        ("90210", "5000", 0),
    ):
        query = {"postcode": postcode} | ({"proximity": proximity} if proximity else {})
        assert get(client, "/service_at_locations", **query).json["total_items"] == count, query


UNREADABLE = [
    {"page": "x"}, {"page": "0"}, {"page": "-1"}, {"format": "xml"}, {"full": "maybe"}, {"modified_after": "yesterday"},
    {"organization_id": "me"}, {"proximity": "100"}, {"postcode": "45202", "proximity": "far"},
    {"postcode": "45202", "proximity": "nan"}, {"postcode": "00000", "proximity": "100"},
]  # fmt: skip


def test_a_parameter_that_cannot_be_read_is_a_problem_document(client: FlaskClient) -> None:
    for query in UNREADABLE:
        answer = get(client, "/service_at_locations", **query)
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json"), query


def test_unknown_ids_are_not_found(client: FlaskClient) -> None:
    for kind in ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms"):
        for text in (str(uuid.uuid4()), "not-a-uuid"):
            answer = get(client, f"/{kind}/{text}")
            assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_staff_only_records_are_not_found(client: FlaskClient, known: dict[str, str]) -> None:
    assert get(client, f"/services/{known['Staff Pantry']}").status_code == 404


def test_a_withdrawn_record_is_gone(client: FlaskClient, runtime: wiring.Runtime) -> None:
    gone = uuid.uuid4()
    with runtime.database.writing(system()) as session, session.begin():
        session.add(Tombstone(record_id=gone, kind="service", deleted_at=NOW))
    assert get(client, f"/services/{gone}").status_code == 410


def test_a_caller_who_has_the_answer_gets_no_body(client: FlaskClient, known: dict[str, str]) -> None:
    path = f"/hsds/services/{known['Hope Pantry']}"
    etag = client.get(path, base_url=HOST).headers["ETag"]
    again = client.get(path, base_url=HOST, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
