"""The directory the questions are judged against: listings.csv through the importer into SQLite, found by the engine.

The same doors the site uses, so a mistake of the importer, of the index or of the reading all show here.
"""

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

from resources_db import encryption, migrate
from resources_db.engine import Database
from resources_db.importers import base, mapping
from resources_db.listing_key import ListingKey
from resources_db.repositories import listings
from resources_db.tenancy import system
from search.answer import SearchAnswer
from search.criteria import SearchCriteria
from search.engine import SearchEngine

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # a Monday, 10:00 in Cincinnati


@dataclass(frozen=True, slots=True)
class Truth:
    """What a listing really is: the needs it serves; planted ones hold the words and serve none."""

    id: str
    name: str
    needs: frozenset[str]
    planted: bool


@dataclass(frozen=True)
class Directory:
    """The listings, imported and indexed, and what is true of each."""

    session: Session
    engine: SearchEngine
    truths: Mapping[ListingKey, Truth]

    def ask(self, criteria: SearchCriteria) -> SearchAnswer:
        return self.engine.answer(self.session, criteria, NOW)


@cache
def truths() -> tuple[Truth, ...]:
    with (HERE / "listings.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Truth(
                id=row["id"],
                name=row["name"],
                needs=frozenset(f"{row['needs']};{row['also']}".split(";")) - {""},
                planted=row["kind"] == "planted",
            )
            for row in csv.DictReader(file)
        )


@contextmanager
def opened(folder: Path) -> Iterator[Directory]:
    """Everything lives in `folder`; the key ring is made for this run and forgotten with it."""
    encryption.use(encryption.Vault(encryption.KeyRing.generate()))
    database = Database(f"sqlite:///{folder / 'directory.sqlite'}")
    try:
        migrate.upgrade(database.engine)
        with database.writing(system()) as session:
            _import(session)
            engine = SearchEngine(folder / "index")
            engine.rebuild(session, NOW)
            yield Directory(session, engine, _by_key(session))
    finally:
        database.close()
        encryption.use(None)


def _import(session: Session) -> None:
    planned = base.plan(session, HERE / "listings.csv", source="judged", mapping=mapping.load(HERE / "mapping.yaml"))
    if planned.errors:
        raise ValueError(f"listings.csv: {planned.errors[0]}")
    base.apply(session, planned, actor=system(), now=NOW)
    session.flush()
    session.expire_all()


def _by_key(session: Session) -> dict[ListingKey, Truth]:
    by_name = {truth.name: truth for truth in truths()}
    every = listings.of_services(session, listings.all_service_ids(session))
    return {one.key: by_name[one.name] for one in every}
