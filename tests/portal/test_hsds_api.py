"""The HSDS API as other systems meet it, on both databases."""

import json
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from portal import wiring
from resources_db import capacity, history
from resources_db.models import directory as d
from resources_db.models.curation import Tombstone
from resources_db.models.upkeep import RecordMerge, RecordRedirect
from resources_db.tenancy import system
from resources_db.vocab import CapacityState, Confidentiality, Visibility
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
    profile = get(client, "/profile").json
    assert "x_needs" in profile["members"]["service"]
    assert {name for names in profile["members"].values() for name in names} == profile["meaning"].keys()
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


def keep(runtime: wiring.Runtime, *rows: object) -> None:
    with runtime.database.writing(system()) as session, session.begin():
        for row in rows:
            session.add(row)
            session.flush()


def test_a_withdrawn_record_is_gone_and_stands_among_the_tombstones(
    client: FlaskClient, runtime: wiring.Runtime, known: dict[str, str]
) -> None:
    gone, back = uuid.uuid4(), uuid.UUID(known["Hope Pantry"])
    keep(
        runtime,
        Tombstone(record_id=gone, kind="service", deleted_at=NOW, replaced_by=back),
        Tombstone(record_id=back, kind="service", deleted_at=NOW),
    )
    answer = get(client, f"/services/{gone}")
    assert (answer.status_code, answer.mimetype) == (410, "application/problem+json")
    stone = {"id": str(gone), "kind": "service", "deleted_at": "2026-11-23T15:00:00Z", "replaced_by": str(back)}
    assert stone.items() <= answer.json.items()
    assert get(client, f"/organizations/{gone}").status_code == 404
    page = get(client, "/tombstones").json
    assert (page["contents"], page["total_items"]) == ([stone], 1), "what is published again is no tombstone"
    assert get(client, "/tombstones", since="2027-01-01").json["empty"] is True
    assert get(client, "/tombstones", since="soon").status_code == 400


def test_a_merged_record_leads_to_the_one_that_stayed(
    client: FlaskClient, runtime: wiring.Runtime, known: dict[str, str]
) -> None:
    old, new = uuid.uuid4(), uuid.UUID(known["Hope Pantry"])
    merge = RecordMerge(kind="service", survivor_id=new, gone_id=old, at=NOW)
    keep(runtime, merge, RecordRedirect(old_id=old, new_id=new, kind="service", merge_id=merge.id, at=NOW))
    answer = get(client, f"/services/{old}", x_metadata="true")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/hsds/services/{new}?x_metadata=true")
    assert get(client, f"/organizations/{old}").status_code == 404


def test_the_history_of_a_record_is_told_on_request_by_roles(
    client: FlaskClient, runtime: wiring.Runtime, known: dict[str, str]
) -> None:
    service = uuid.UUID(known["Hope Pantry"])
    with runtime.database.writing(system()) as session, session.begin():
        history.record(
            session, history.About("service", service, history.AGENCY), [("name", "Hop", "Hope Pantry")], now=NOW
        )
        session.add(
            d.Metadata(
                resource_id=service, resource_type="service", last_action_date=NOW.date(), last_action_type="update",
                field_name="url", updated_by="import: county",
            )
        )  # fmt: skip
    assert "metadata" not in get(client, f"/services/{service}").json
    imported, ours = get(client, f"/services/{service}", x_metadata="true").json["metadata"]
    assert (imported["field_name"], imported["previous_value"], imported["updated_by"]) == ("url", "", "import: county")
    ours.pop("id")
    assert ours == {
        "resource_type": "service", "last_action_date": "2026-11-23", "last_action_type": "update",
        "field_name": "name", "previous_value": "Hop", "replacement_value": "Hope Pantry", "updated_by": "agency",
        "x_at": "2026-11-23T15:00:00Z",
    }  # fmt: skip


def test_what_was_written_of_a_protected_place_is_not_told(
    client: FlaskClient, runtime: wiring.Runtime, known: dict[str, str]
) -> None:
    """The place was open when the change was made."""
    with runtime.database.writing(system()) as session, session.begin():
        for name, level in (("Safe House", Confidentiality.HIDDEN), ("Hope Pantry", Confidentiality.AREA_ONLY)):
            service = uuid.UUID(known[name])
            link = session.scalars(select(d.ServiceAtLocation).where(d.ServiceAtLocation.service_id == service)).one()
            session.get_one(d.Location, link.location_id).confidentiality = level
            for kind, record in (("service", service), ("location", link.location_id)):
                about = history.About(kind, record, history.TEAM, service_id=service, location_id=link.location_id)
                history.record(session, about, [("address_1", "77 Canary Row", "78 Canary Row")], now=NOW)
            session.add(
                d.Metadata(
                    resource_id=link.location_id,
                    resource_type="location",
                    field_name="name",
                    previous_value="77 Canary Row",
                )
            )
    for path in ("services", "service_at_locations", "organizations"):
        for item in get(client, f"/{path}").json["contents"]:
            query = {"x_metadata": "true", "full_service": "true"}
            assert "Canary" not in get(client, f"/{path}/{item['id']}", **query).text


def test_an_organization_has_its_services_in_short_or_in_full(client: FlaskClient, known: dict[str, str]) -> None:
    path = f"/organizations/{known['Hope Pantry org']}"
    (short,) = get(client, path).json["services"]
    (full,) = get(client, path, full_service="true").json["services"]
    assert (short["id"], "phones" in short, "phones" in full) == (full["id"], False, True)
    assert "services" not in get(client, "/organizations").json["contents"][0]
    listed = get(client, "/organizations", search="hope", full_service="true").json["contents"]
    assert "phones" in listed[0]["services"][0]


def test_a_change_around_a_service_is_a_change_of_it(
    client: FlaskClient, runtime: wiring.Runtime, known: dict[str, str]
) -> None:
    later = NOW + timedelta(days=1)
    service = uuid.UUID(known["Hope Pantry"])
    with runtime.database.writing(system()) as session, session.begin():
        capacity.state(session, service_id=service, state=CapacityState.FULL, said_by="agency", now=later)
    asked = {"modified_after": later.isoformat()}
    assert names(get(client, "/services", **asked)) == ["Hope Pantry"]
    assert len(get(client, "/service_at_locations", **asked).json["contents"]) == 1
    (changed,) = get(client, "/services", minimal="true", **asked).json["contents"]
    assert changed["modified_date"] == "2026-11-24T15:00:00Z"
    room = get(client, f"/services/{service}").json["x_availability"]
    assert (room["state"], room["said_by"], "note" in room) == ("full", "agency", False)


def test_room_at_one_place_is_said_of_the_service_there(
    client: FlaskClient, runtime: wiring.Runtime, known: dict[str, str]
) -> None:
    service = uuid.UUID(known["Hope Pantry"])
    with runtime.database.writing(system()) as session, session.begin():
        link = session.scalars(select(d.ServiceAtLocation).where(d.ServiceAtLocation.service_id == service)).one()
        for state, days in ((CapacityState.OPEN, 100), (CapacityState.WAITLIST, 1)):
            said = {"service_id": service, "location_id": link.location_id, "said_by": "agency"}
            capacity.state(session, **said, state=state, now=NOW - timedelta(days=days))
        capacity.state(
            session, service_id=service, state=CapacityState.FULL, said_by="agency", now=NOW - timedelta(days=99)
        )
    record = get(client, f"/services/{service}").json
    assert record["service_at_locations"][0]["x_availability"]["state"] == "waitlist"
    assert "x_availability" not in record, "a word about room that ran out says nothing"


def test_the_publisher_is_named(client: FlaskClient) -> None:
    root = get(client, "/").json
    assert root["publisher"] == {"name": "Handrail", "website": HOST}
    assert root["description"]


def test_every_answer_is_open_to_pages_of_other_origins(client: FlaskClient) -> None:
    for path, status in (("/", 200), ("/services/x", 404), ("/services?page=x", 400)):
        answer = client.get(f"/hsds{path}", base_url=HOST)
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (status, "*")
    asked = client.options("/hsds/services", base_url=HOST)
    assert "Content-Type" in asked.headers["Access-Control-Allow-Headers"]


def test_a_post_may_come_with_its_parameters_in_the_address(client: FlaskClient, known: dict[str, str]) -> None:
    assert names(client.post("/hsds/services?search=hope", base_url=HOST)) == ["Hope Pantry"]
    body = {"search": "elm"}
    assert names(client.post("/hsds/services?search=hope", json=body, base_url=HOST)) == ["Elm Street Food Shelf"]


def test_a_stream_of_changes_has_a_change_a_line(client: FlaskClient, known: dict[str, str]) -> None:
    lines = get(client, "/services", format="ndjson", minimal="true").text.splitlines()
    assert {frozenset(json.loads(line)) for line in lines} == {frozenset({"id", "modified_date", "last_modified"})}
    assert len(lines) == 3


def test_a_caller_who_has_the_answer_gets_no_body(client: FlaskClient, known: dict[str, str]) -> None:
    path = f"/hsds/services/{known['Hope Pantry']}"
    etag = client.get(path, base_url=HOST).headers["ETag"]
    again = client.get(path, base_url=HOST, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_page_takes_as_many_statements_whatever_stands_on_it(
    client: FlaskClient, runtime: wiring.Runtime, known: dict[str, str]
) -> None:
    asked: list[str] = []
    event.listen(runtime.database.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    for path in ("services", "organizations", "service_at_locations"):
        for query in ({}, {"full": "true"}):
            counts = []
            for size in ("3", "1", "3"):  # the first question also reads what the app needs once
                asked.clear()
                assert get(client, f"/{path}", per_page=size, **query).status_code == 200
                counts.append(len(asked))
            assert counts[1] == counts[2] < 50, (path, query)
