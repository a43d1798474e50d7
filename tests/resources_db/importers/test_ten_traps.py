"""The ten traps of real exports, each with data of our own: what goes in, what is kept, and what a person is told."""

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resources_db.importers import base, mapping
from resources_db.models import directory as d
from resources_db.models.imports import StaffNote
from resources_db.vocab import GeocodeQuality, Visibility
from tests.resources_db.importers.bringing import bring, codes, hsds, package, shown, table


def one_service(session: Session) -> d.Service:
    return session.scalars(select(d.Service)).one()


# 1: orphans and lost keys


def test_trap_1_services_of_a_missing_organization_are_told_by_id_and_never_public(
    session: Session, tmp_path: Path
) -> None:
    lost = [{"id": f"s{n}", "organization_id": "gone", "name": f"Lost {n}", "status": "active"} for n in range(5)]
    phones = [{"id": f"p{n}", "service_id": f"s{n}", "number": "513-555-0163"} for n in range(5)]
    path = hsds(tmp_path / "a", services=lost, service_at_location=[], phones=phones)
    planned = bring(session, path)
    told = [(one.where.line, one.column, one.value) for one in planned.errors if one.code == "orphan"]
    assert told == [(line, "organization_id", "gone") for line in range(2, 7)]
    assert codes(planned)["owner_left_out"] == 5, "their phones are no mistakes of their own"
    assert session.scalars(select(d.Service)).all() == []


def test_trap_1_by_choice_a_placeholder_stands_in_that_only_staff_see(session: Session, tmp_path: Path) -> None:
    path = hsds(tmp_path / "a", service={"organization_id": "gone"})
    planned = base.plan(session, path, source="s", placeholders=True)
    assert planned.errors == []
    made = [one for one in planned.changes if one.kind == "organization" and one.after.get("visibility")]
    assert [one.after["visibility"] for one in made] == [Visibility.STAFF.value]


def test_trap_1_who_may_go_without_a_service_is_told_row_by_row(session: Session, tmp_path: Path) -> None:
    rows = [
        {"id": "e1", "service_id": "s1", "eligibility": "Anyone"},
        {"id": "e2", "service_id": "", "eligibility": "Men"},
    ]
    planned = bring(session, hsds(tmp_path / "a", eligibility=rows))
    assert one_service(session).eligibility_description == "Anyone"
    assert [(one.where.line, one.code, one.column) for one in planned.errors] == [(3, "orphan", "service_id")]


# 2: hours


@pytest.mark.parametrize(
    "words",
    ["8:00m-5:00pm", "3:00am-5:00pm", "third Tuesday 100 times, except Jan 02",
     "By appointment", "Mon-Fri 9-5, varies in summer"],
)  # fmt: skip
def test_trap_2_hours_that_cannot_be_read_for_sure_keep_their_words(
    session: Session, tmp_path: Path, words: str
) -> None:
    planned = bring(session, hsds(tmp_path / "a", schedules=[{"id": "h", "service_id": "s1", "description": words}]))
    rows = session.scalars(select(d.Schedule)).all()
    assert {row.original_text for row in rows} == {words}
    assert max(row.parse_confidence for row in rows) < 0.9
    assert codes(planned)["hours_unclear"] == 1


def test_trap_2_days_of_a_row_are_read_however_they_are_written(session: Session, tmp_path: Path) -> None:
    rows = [{"id": "h", "service_id": "s1", "weekday": "Monday - Friday", "opens_at": "8:30 am", "closes_at": "17:00"}]
    bring(session, hsds(tmp_path / "a", regular_schedules=rows))
    row = session.scalars(select(d.Schedule)).one()
    assert (row.byday, row.opens_at, row.closes_at) == ("MO,TU,WE,TH,FR", "08:30", "17:00")


# 3: right columns, wrong meaning


def test_trap_3_a_column_that_holds_something_else_is_one_warning_with_a_proposal(
    session: Session, tmp_path: Path
) -> None:
    rows = [
        {"id": f"h{n}", "service_id": "s1", "valid_from": f"0{n % 9 + 1}:30 AM", "freq": "Saturday", "description": "x"}
        for n in range(40)
    ]
    planned = bring(session, hsds(tmp_path / "a", schedules=rows))
    told = {one.column: one.value for one in planned.problems if one.code == "column_mostly_wrong"}
    assert set(told) == {"valid_from", "freq"}
    assert told["valid_from"].endswith("→ opens_at")
    assert told["freq"].endswith("→ byday")
    assert not {"bad_date", "bad_word"} & codes(planned).keys()


# 4: doubled dumps


def test_trap_4_a_dump_that_was_made_twice_is_told(session: Session, tmp_path: Path) -> None:
    organizations = [{"id": f"{copy}{n}", "name": f"Agency {n}"} for copy in "ab" for n in range(20)]
    planned = bring(session, package(tmp_path / "a", organizations=organizations, services=[]))
    assert [one.column for one in planned.problems if one.code == "doubled_file"] == ["organizations.csv"]


def test_trap_4_two_services_of_one_name_at_other_hours_are_no_double(session: Session, tmp_path: Path) -> None:
    services = [{"id": f"s{n}", "organization_id": "o1", "name": "Pantry", "description": f"Group {n}", "status": "active"}
                for n in range(20)]  # fmt: skip
    planned = bring(session, hsds(tmp_path / "a", services=services, service_at_location=[]))
    assert "doubled_file" not in codes(planned)


# 5: bad places

OHIO = {"id": "a1", "location_id": "l1", "address_1": "1418 Vine St", "city": "Cincinnati", "state_province": "OH",
        "postal_code": "45202", "country": "US", "address_type": "physical"}  # fmt: skip


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [("0", "0", "point_out_of_range"), ("-84.51", "39.11", "point_outside_state"),
     ("39.11", "84.51", "point_outside_state"), ("25.77", "-80.19", "point_outside_state"),
     ("139.11", "-84.51", "point_out_of_range")],
)  # fmt: skip
def test_trap_5_impossible_coordinates_are_left_out(
    session: Session, tmp_path: Path, latitude: str, longitude: str, code: str
) -> None:
    places = [{"id": "l1", "location_type": "physical", "name": "Hall", "latitude": latitude, "longitude": longitude}]
    planned = bring(session, hsds(tmp_path / "a", locations=places, addresses=[OHIO]))
    assert session.scalars(select(d.Location.geocode_quality)).one() == GeocodeQuality.NONE
    assert codes(planned)[code] == 1


def test_trap_5_one_coordinate_of_many_addresses_is_nobodys_door(session: Session, tmp_path: Path) -> None:
    places = [{"id": f"l{n}", "location_type": "physical", "name": f"H{n}", "latitude": "39.11", "longitude": "-84.51"}
              for n in range(8)]  # fmt: skip
    addresses = [OHIO | {"id": f"a{n}", "location_id": f"l{n}", "address_1": f"{n} Vine St"} for n in range(8)]
    bring(session, hsds(tmp_path / "a", locations=places, addresses=addresses, service_at_location=[]))
    assert set(session.scalars(select(d.Location.geocode_quality))) == {GeocodeQuality.ZIP}


@pytest.mark.parametrize(
    ("words", "found"), [("Geolocation is 39.1085, -84.5747", True), ("Geolocation is 391.5, -84.57", False)]
)
def test_trap_5_coordinates_in_words_are_read_when_both_are_in_range(
    session: Session, tmp_path: Path, words: str, found: bool
) -> None:
    places = [{"id": "l1", "location_type": "physical", "name": "Hall", "description": words}]
    planned = bring(session, hsds(tmp_path / "a", locations=places, addresses=[OHIO]))
    assert (session.scalars(select(d.Location.latitude)).one() is not None) == found
    assert ("point_from_words" in codes(planned)) == found


# 6: phones


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [("305-891-8850 xOPT2", ["+13058918850"]), ("211", ["211"]), ("\u202a(513) 555-0163\u202c", ["+15135550163"]),
     ("main: 513-555-0163, tdd: 513-555-0164, fax: 513-555-0165", ["+15135550163", "+15135550164", "+15135550165"]),
     ("000-000-*347", [None]), ("4841", [None]), ("513-555-016", [None])],
)  # fmt: skip
def test_trap_6_phones_are_read_as_they_are_written(
    session: Session, tmp_path: Path, cell: str, numbers: list[str | None]
) -> None:
    bring(session, hsds(tmp_path / "a", phones=[{"id": "p", "service_id": "s1", "number": cell}]))
    rows = session.scalars(select(d.Phone).order_by(d.Phone.external_id)).all()
    assert [row.e164 or (row.number if row.short_code else None) for row in rows] == numbers


@pytest.mark.parametrize("cell", ["no phone", "N/A", "none", "-"])
def test_trap_6_no_phone_is_no_phone(session: Session, tmp_path: Path, cell: str) -> None:
    planned = bring(session, hsds(tmp_path / "a", phones=[{"id": "p", "service_id": "s1", "number": cell}]))
    assert (session.scalar(select(func.count()).select_from(d.Phone)), planned.errors) == (0, [])


# 7: encodings and shapes


def test_trap_7_known_broken_letters_are_mended_and_listed(session: Session, tmp_path: Path) -> None:
    planned = bring(session, hsds(tmp_path / "a", service={"description": "Espa+¦ol 8:30amGÇô4:30pm, 5 +¦ 3"}))
    assert one_service(session).description.startswith("Español 8:30am–4:30pm")
    assert [(one.column, "Espa+¦ol" in one.value) for one in planned.problems if one.code == "letters_mended"] == [
        ("description", True)
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_trap_7_any_common_spelling_of_a_file_is_read(
    session: Session, tmp_path: Path, encoding: str, end: str
) -> None:
    folder = hsds(tmp_path / "a")
    text = table([{"id": "s1", "organization_id": "o1", "name": "Despensa Niño", "status": "active"}])
    (folder / "services.csv").write_bytes(text.replace("\r\n", end).encode(encoding))
    planned = bring(session, folder)
    assert one_service(session).name == "Despensa Niño"
    assert ("encoding_guessed" in codes(planned)) == (encoding == "cp1252")


@pytest.mark.parametrize(
    ("code", "kept"), [("15131.0", "15131"), ("2139.0", "02139"), (" 45202-1234 ", "45202-1234"), ("501", "00501")]
)
def test_trap_7_zips_and_states_are_mended(session: Session, tmp_path: Path, code: str, kept: str) -> None:
    address = OHIO | {"postal_code": code, "state_province": "FL "}
    bring(session, hsds(tmp_path / "a", addresses=[address]))
    row = session.scalars(select(d.Address)).one()
    assert (row.postal_code, row.state_province) == (kept, "FL")


# 8: markup and glued text


def test_trap_8_markup_becomes_plain_text_and_the_original_is_kept_for_the_team(
    session: Session, tmp_path: Path
) -> None:
    markup = "<p>Food &amp; more</p><p>Ask<br />inside</p>"
    path = hsds(tmp_path / "a", service={"description": markup})
    bring(session, path)
    assert one_service(session).description == "Food & more\nAsk\ninside"
    note = session.scalars(select(StaffNote)).one()
    assert (note.kind, note.field, note.text, note.record_id) == (
        "original",
        "description",
        markup,
        one_service(session).id,
    )
    bring(session, path, days=1)
    assert session.scalar(select(func.count()).select_from(StaffNote)) == 1


def test_trap_8_glued_words_are_told_and_not_cut(session: Session, tmp_path: Path) -> None:
    glued = OHIO | {"address_1": "180 North Stetson, Suite 820Chicago"}
    planned = bring(session, hsds(tmp_path / "a", addresses=[glued]))
    assert session.scalars(select(d.Address.address_1)).one() == glued["address_1"]
    assert [one.value for one in planned.problems if one.code == "words_glued"] == [""], "no address is quoted"


@pytest.mark.parametrize(
    ("field", "said"), [("fees_description", "nnnn"), ("wait_time", "N/A"), ("alternate_name", "-")]
)
def test_trap_8_placeholders_say_nothing(session: Session, tmp_path: Path, field: str, said: str) -> None:
    planned = bring(session, hsds(tmp_path / "a", service={field: said}))
    assert getattr(one_service(session), field) == ""
    assert codes(planned)["placeholder_dropped"] == 1


def test_trap_8_no_fee_is_free_and_no_age_limit_is_none(session: Session, tmp_path: Path) -> None:
    planned = bring(session, hsds(tmp_path / "a", service={"fees_description": "None.", "maximum_age": "200"}))
    service = one_service(session)
    assert (service.cost_kind, service.maximum_age) == ("free", None)
    assert codes(planned)["age_dropped"] == 1


# 9: free-text codes


def test_trap_9_languages_statuses_and_web_addresses_in_free_words(session: Session, tmp_path: Path) -> None:
    languages = [{"id": f"g{n}", "service_id": "s1", "language": word}
                 for n, word in enumerate(["Creole translator provided", "Español", "Klingon"])]  # fmt: skip
    service = {"status": "Closed", "url": "https:/www.hope.example/x", "name": "FOOD PANTRY"}
    planned = bring(session, hsds(tmp_path / "a", service=service, languages=languages))
    stored = one_service(session)
    assert (stored.status, stored.url, stored.name) == ("defunct", "https://www.hope.example/x", "FOOD PANTRY")
    assert sorted(session.scalars(select(d.Language.code))) == ["", "es", "ht"]
    assert [one.value for one in planned.problems if one.code == "language_unknown"] == ["Klingon"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [("www.hope.example", "https://www.hope.example"), ("http:www.hope.example", "http://www.hope.example"),
     ("ask at the desk", "")],
)  # fmt: skip
def test_trap_9_a_web_address_gets_what_it_lacks_or_stays_text(
    session: Session, tmp_path: Path, said: str, kept: str
) -> None:
    planned = bring(session, hsds(tmp_path / "a", service={"url": said}))
    assert one_service(session).url == kept
    assert ("bad_web_address" in codes(planned)) == (not kept)


def test_trap_9_a_service_without_a_category_waits_for_one(session: Session, tmp_path: Path) -> None:
    planned = bring(session, hsds(tmp_path / "a", service={"name": "Qqq"}))
    assert codes(planned)["needs_unknown"] == 1


# 10: private and old (flags: see the flat export)


def test_trap_10_internal_columns_of_a_package_are_counted_and_not_read(session: Session, tmp_path: Path) -> None:
    planned = bring(
        session, hsds(tmp_path / "a", service={"internal_notes": "ZZSECRET", "admin_email": "ZZ@b.example"})
    )
    told = {one.column: one.value for one in planned.problems if one.code == "private_left_out"}
    assert told == {"internal_notes": "1 ×", "admin_email": "1 ×"}
    assert "ZZ" not in repr(one_service(session).extra)


@pytest.mark.parametrize("words", ["Confidential", "Call for location", "Address not published"])
def test_trap_10_an_address_that_asks_not_to_be_published_is_sealed(
    session: Session, tmp_path: Path, words: str
) -> None:
    planned = bring(session, hsds(tmp_path / "a", addresses=[OHIO | {"address_1": words}]))
    assert session.scalars(select(d.Address)).all() == []
    assert codes(planned)["placed_hidden"] == 1


HOSTILE = [
    "<script>alert(1)</script>Pantry",
    "=HYPERLINK(1)",
    "{{7*7}}",
    "Robert'); DROP TABLE service;--",
    "a\u202eb",
    "%s%n",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_inert_in_every_reader(session: Session, tmp_path: Path, text: str) -> None:
    """bad_input_068"""
    bring(session, hsds(tmp_path / "a", service={"name": text, "description": text}), source="hsds")
    listed = tmp_path / "list.csv"
    listed.write_text(table([{"Agency": text, "Program": text, "Phone": text, "Notes": text}]), "utf-8")
    lines = [{"column": "Agency", "to": "organization.name"}, {"column": "Program", "to": "service.name"},
             {"column": "Phone", "to": "phone.number"}, {"column": "Notes", "to": "service.description"}]  # fmt: skip
    mapped = mapping.from_json({"tables": [{"file": "*", "columns": lines}]})
    planned = bring(session, listed, mapped=mapped, source="list")
    names = set(shown(session))
    assert len(names) == 1
    assert not any(mark in name for name in names for mark in ("<script", "\u202e"))
    assert all(len(problem.value) <= 160 for problem in planned.problems)
