"""Made-up HSDS, read off the published schemas: any member may be there or not, nested as deep as the standard nests."""

import json
import uuid
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

Record = dict[str, object]
# Letters of many scripts, marks, emoji, quotes, what CSV and JSON quote, and what looks like markup.
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cs",), exclude_characters="\0")
TEXT = st.text(LETTERS, max_size=30).map("x{}".format) | st.sampled_from(
    ['Ñandú, “quoted”; "so"', "a;b", "line\nline", "مكتب", "名前", "null", "1.0", "<b>bold</b> & more", "🙂"]
)
NUMBER = st.integers(-10_000, 10_000) | st.floats(-1e6, 1e6, allow_nan=False).map(lambda one: round(one, 4))
DAY = st.integers(0, 3650).map(lambda days: (date(2020, 1, 1) + timedelta(days=days)).isoformat())
MOMENT = st.tuples(
    DAY, st.integers(0, 23), st.sampled_from(["", ".5", ".123456"]), st.sampled_from(["Z", "-05:00"])
).map(lambda one: f"{one[0]}T{one[1]:02}:30:00{one[2]}{one[3]}")
CLOCK = st.tuples(st.integers(0, 23), st.sampled_from([0, 15, 59]), st.sampled_from(["", "-05:00", "Z", "+05:30"])).map(
    lambda one: f"{one[0]:02}:{one[1]:02}{one[2]}"
)
WEB = st.sampled_from(
    ["https://a.example/x?y=1&z=%20#top", "http://b.example", "mailto:me@c.example", "tel:+15135550100"]
)
MAIL = st.sampled_from(["a@b.example", "first.last+tag@c.example"])
FORMATS = {"uuid": st.uuids(version=4).map(str), "uri": WEB, "email": MAIL, "date-time": MOMENT}
DAYS = {"valid_from", "valid_to", "dtstart", "until", "assured_date", "last_action_date"}
SPECIAL = {
    "minimum_age": st.integers(0, 120), "maximum_age": st.integers(0, 120),
    "latitude": st.just(39.11), "longitude": st.just(-84.51), "country": st.sampled_from(["US", "CA", "MX"]),
    "timezone": st.sampled_from([-5, 0, 5.5]), "count": st.integers(0, 50), "interval": st.integers(1, 4),
    "extension": st.integers(0, 99_999), "opens_at": CLOCK, "closes_at": CLOCK,
    "byday": st.sampled_from(["MO", "MO,WE", "3TU", "-1FR"]), "extent_type": st.sampled_from(["geojson", "text"]),
    "number": st.sampled_from(["513-555-0163", "(513) 555-0164", "211", "1-800-LAW-REP-4", "ask at the desk", "४८४१"]),
}  # fmt: skip
# Keys are given by nesting: a part says whose it is by where it stands.
KEYS = {
    "organization_id", "service_id", "location_id", "service_at_location_id", "contact_id", "phone_id", "program_id",
    "unit_id", "taxonomy_id", "taxonomy_term_id", "link_id", "link_entity", "resource_id", "resource_type",
}  # fmt: skip
NEEDED = {"organization", "location", "taxonomy_term"}
DEEPEST = 5


@cache
def schema(folder: Path, name: str) -> dict:
    """One object of the standard."""
    return json.loads((folder / f"{name}.json").read_text("utf-8"))


def directories(folder: Path) -> SearchStrategy[list[Record]]:
    """Full services that share organizations, places, terms and units."""

    @st.composite
    def draw_all(draw: DrawFn) -> list[Record]:
        maker = _Maker(folder, draw)
        maker.pool = {"taxonomy_detail": [maker.make("taxonomy", 3)]}
        maker.pool["taxonomy_term"] = [maker.make("taxonomy_term", 3)]
        child = maker.make("taxonomy_term", 3)
        maker.pool["taxonomy_term"].append({**child, "parent_id": maker.pool["taxonomy_term"][0]["id"]})
        maker.pool["unit"] = [maker.make("unit", 3)]
        maker.pool["location"] = [maker.make("location", 2) for _ in range(draw(st.integers(1, 2)))]
        maker.pool["organization"] = [maker.make("organization", 1) for _ in range(draw(st.integers(1, 2)))]
        return [maker.make("service", 0) for _ in range(draw(st.integers(1, 3)))]

    return draw_all()


class _Maker:
    def __init__(self, folder: Path, draw: DrawFn) -> None:
        self.folder, self.draw = folder, draw
        self.pool: dict[str, list[Record]] = {}

    def make(self, name: str, depth: int) -> Record:
        described = schema(self.folder, name)
        required = {*described.get("required", ())}
        record: Record = {"id": str(self.draw(st.uuids(version=4)))}
        for member, how in described["properties"].items():
            wanted = member in required or member in NEEDED or self.draw(st.booleans())
            if member == "id" or member in KEYS or not wanted:
                continue
            value = self.value(member, how, depth)
            if value is not None:
                record[member] = value
        return record

    def value(self, member: str, how: dict, depth: int) -> object:
        if (named := how.get("$ref") or how.get("items", {}).get("$ref")) is None:
            return self.draw(_plain(member, how))
        name = named.removesuffix(".json")
        if how.get("type") == "array":
            return self.many(name, depth)
        if member in self.pool:
            return self.draw(st.sampled_from(self.pool[member]))
        return None if depth >= DEEPEST or member == "organization" else self.make(name, depth + 1)

    def many(self, name: str, depth: int) -> list[Record]:
        """Half of the lists are empty: some writers give those too."""
        count = self.draw(st.sampled_from([0, 0, 1, 2])) if depth < DEEPEST else 0
        return [self.make(name, depth + 1) for _ in range(count)]


def _plain(member: str, how: dict) -> SearchStrategy[object]:
    if member in SPECIAL:
        return SPECIAL[member]
    if member in DAYS:
        return DAY
    if "enum" in how:
        return st.sampled_from(how["enum"])
    if how["type"] == "number":
        return NUMBER
    return FORMATS.get(how.get("format", ""), TEXT)


def ids(record: object) -> set[str]:
    """The ids of everything in a record, however deep."""
    if isinstance(record, list):
        return set().union(*map(ids, record))
    if not isinstance(record, dict):
        return set()
    own = {str(uuid.UUID(str(record["id"])))} if "id" in record else set()
    return own.union(*(ids(value) for value in record.values()))
