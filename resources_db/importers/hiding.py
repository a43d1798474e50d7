"""Takes the place out of records that must not show it, before anything is compared or stored in public tables.

An import never makes a place less confidential than it is.
"""

import base64
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db import confidential_rows, confidentiality
from resources_db.hsds.fields import OBJECTS
from resources_db.hsds.values import Plain
from resources_db.importers.batch import Batch
from resources_db.importers.changes import Change, Changes, Rows
from resources_db.importers.linking import Linked, columns
from resources_db.models.directory import Location
from resources_db.repositories import confidential
from resources_db.repositories.confidential import HiddenPlace
from resources_db.vocab import Confidentiality, ImportAction

PLACE, TURNED = "confidential_place", "confidential_turn"
"""Kinds of plan rows: a sealed place; a place that told more until now, whose traces have to go as well."""
_ORDER = list(Confidentiality)
_KEPT_OF_AREA = frozenset({"location_id", "city", "state_province", "country", "address_type"})
_EMPTIED = ("latitude", "longitude", "geocode_source", *confidential_rows.WORDS, *confidential_rows.IDENTIFIERS)
UNTOLD = frozenset({*_EMPTIED, "attention", "address_1", "address_2", "region", "postal_code", "extra"})
"""Columns that no plan, history or report may repeat once a place is confidential."""
_ZIP3 = 3


class Hider:
    """Strips what is confidential in locations and their addresses; locations come first."""

    def __init__(self, session: Session, batch: Batch, changes: Changes) -> None:
        self._session, self._batch, self._changes = session, batch, changes

    def hide(self, linked: list[Linked], rows: Rows) -> list[Linked]:
        """The records as they may stand in public tables; addresses of hidden places are gone."""
        kind = linked[0].kind if linked else ""
        if kind == "location":
            self._locations(linked, rows)
        return self._addresses(linked, rows) if kind == "address" else linked

    def _locations(self, linked: Sequence[Linked], rows: Rows) -> None:
        agreed = confidentiality.decided(self._session, [uuid.UUID(one.id) for one in linked if one.id in rows])
        levels = {one.id: _level(one, rows, agreed) for one in linked}
        secret = [one for one in linked if levels[one.id] != Confidentiality.PUBLIC]
        addresses = self._addresses_of([one.checked.external_id for one in secret])
        for one in secret:
            level = levels[one.id]
            if one.id in rows and rows[one.id]["confidentiality"] != level:
                self._changes.add(Change(TURNED, one.id, ImportAction.UPDATE))
            self._seal(one, _sealed(one, addresses[one.checked.external_id]))
            one.values |= dict.fromkeys(_EMPTIED) | {"geocode_quality": "none", "confidentiality": level.value}
            self._batch.store.execute("INSERT OR REPLACE INTO hidden VALUES (?, ?)", (one.id, level.value))
            self._hush(one)

    def _hush(self, one: Linked) -> None:
        """What was written aside about the record goes; reports quote nothing of its line."""
        one.secret = True
        one.checked.extra.clear()
        self._batch.store.execute("DELETE FROM note WHERE kind = ? AND key = ?", one.checked.key)
        self._batch.problems.unquote(one.checked.where)

    def _addresses_of(self, places: Sequence[str]) -> dict[str, list[dict[str, str]]]:
        found: dict[str, list[dict[str, str]]] = defaultdict(list)
        for address in self._batch.held("address", "location_id", places):
            said = {
                name: str(value) for name, value in columns(address, OBJECTS["address"]).items() if value is not None
            }
            whole = {"id": address.own, "external_id": address.external_id, **said}
            found[address.text("location_id")].append(whole)
        return found

    def _seal(self, one: Linked, place: HiddenPlace) -> None:
        location_id = uuid.UUID(one.id)
        before = confidential.stored(self._session, location_id)
        if place.says_nothing or place == before:
            return
        said = base64.b64encode(confidential.seal(location_id, place)).decode()
        was = {"sealed": base64.b64encode(confidential.seal(location_id, before)).decode()} if before else {}
        action = ImportAction.UPDATE if before else ImportAction.CREATE
        self._changes.add(Change(PLACE, one.id, action, before=dict(was), after={"sealed": said}))

    def _addresses(self, linked: list[Linked], rows: Rows) -> list[Linked]:
        levels = self._levels({str(one.values["location_id"]) for one in linked if one.values.get("location_id")})
        shown = []
        for one in linked:
            level = levels.get(str(one.values.get("location_id")), Confidentiality.PUBLIC)
            if level != Confidentiality.PUBLIC:
                self._hush(one)
            if level == Confidentiality.HIDDEN:
                self._withdraw(one, rows)
                continue
            if level == Confidentiality.AREA_ONLY:
                code: Plain = str(one.values.get("postal_code") or "")[:_ZIP3] or None
                kept = {name: value for name, value in one.values.items() if name in _KEPT_OF_AREA}
                one.values = {**dict.fromkeys(one.values), **kept, "postal_code": code}
            shown.append(one)
        return shown

    def _withdraw(self, one: Linked, rows: Rows) -> None:
        """An address that stood in public until its place became confidential. What it said is not repeated."""
        if one.id in rows:
            before: dict[str, object] = {"location_id": one.values["location_id"]}
            self._changes.add(Change(one.kind, one.id, ImportAction.WITHDRAW, before=before, reason="confidential"))

    def _levels(self, places: Collection[str]) -> dict[str, Confidentiality]:
        """Of places in this file, and of those the directory knows."""
        ids = [uuid.UUID(one) for one in places]
        stmt = select(Location.id, Location.confidentiality).where(
            Location.id.in_(ids), Location.confidentiality != Confidentiality.PUBLIC
        )
        levels = {str(row_id): level for row_id, level in self._session.execute(stmt)}
        for one in places:
            row = self._batch.store.execute("SELECT level FROM hidden WHERE location_id = ?", (one,)).fetchone()
            if row:
                levels[one] = Confidentiality(row[0])
        return levels


def _level(place: Linked, rows: Rows, agreed: Mapping[uuid.UUID, Confidentiality]) -> Confidentiality:
    """The stricter of what the file says and what we know; what two people agreed on stands."""
    said = Confidentiality(str(place.values.get("confidentiality") or Confidentiality.PUBLIC.value))
    known = Confidentiality(str(rows.get(place.id, {}).get("confidentiality") or Confidentiality.PUBLIC.value))
    agreed_on = agreed.get(uuid.UUID(place.id))
    if agreed_on is not None and agreed_on == known:
        place.values["confidentiality"] = agreed_on.value
        return agreed_on
    return max(said, known, key=_ORDER.index)


def _sealed(place: Linked, addresses: Sequence[dict[str, str]]) -> HiddenPlace:
    latitude, longitude = (place.values.get(name) for name in ("latitude", "longitude"))
    words = (*confidential_rows.WORDS, *confidential_rows.IDENTIFIERS)
    return HiddenPlace(
        tuple(addresses),
        float(latitude) if isinstance(latitude, int | float) else None,
        float(longitude) if isinstance(longitude, int | float) else None,
        {name: str(text) for name in words if (text := place.values.get(name))},
    )
