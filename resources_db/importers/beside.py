"""Takes in the members of our own export that stand in tables of their own: room, translations, confirmations.

The other half of hsds/beside.py. Only what is newer than our own word comes in; a translation never replaces one.
"""

import json
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db.base import Base
from resources_db.hsds.beside import AVAILABILITY, CONFIRMED, HOLDERS, MEMBERS, TRANSLATIONS
from resources_db.hsds.values import BadValueError, plain
from resources_db.models.curation import CapacityStatement, FieldMark
from resources_db.models.directory import ListingText, Service, ServiceAtLocation
from resources_db.repositories import listing_texts
from resources_db.vocab import CapacityState, ConfirmMethod, FieldGroup, FieldOrigin, WordsOrigin, WordsState

_AT_ONCE = 1_000
_ROLES = frozenset({"agency", "directory team", "navigator", "referral answer", "import"})
_LANG = re.compile(r"[a-z]{2,3}(_[A-Za-z]{2,8})?")
_CLOCKS_DIFFER = timedelta(days=1)
Holder = tuple[str, uuid.UUID, Mapping[str, object]]
"""A record's object and id, and the members its source gave beside HSDS."""


@dataclass(frozen=True, slots=True)
class _Taking:
    session: Session
    now: datetime


def take_in(session: Session, holders: Iterable[Holder], *, now: datetime) -> list[tuple[str, uuid.UUID]]:
    """Write what these records say beside HSDS; gives the table and id of each row made.

    What cannot be read is left out: it is no reason to refuse a record.
    """
    rows: list[tuple[str, uuid.UUID]] = []
    wanted = [one for one in holders if one[0] in HOLDERS and MEMBERS & one[2].keys()]
    for start in range(0, len(wanted), _AT_ONCE):
        taking, some = _Taking(session, now), wanted[start : start + _AT_ONCE]
        made = [*_room(taking, some), *_words(taking, some), *_marks(taking, some)]
        session.add_all(made)
        session.flush()
        rows += [(row.__tablename__, row.__mapper__.primary_key_from_instance(row)[0]) for row in made]
        for row in made:
            session.expunge(row)  # an import may bring very many
    return rows


def _room(taking: _Taking, some: list[Holder]) -> Iterable[Base]:
    keys = _keys(taking.session, [one for one in some if AVAILABILITY in one[2]])
    if not keys:
        return
    stmt = select(CapacityStatement.service_id, CapacityStatement.location_id, CapacityStatement.said_at)
    services = {service_id for service_id, _ in keys.values()}
    newest: dict[tuple[uuid.UUID, uuid.UUID | None], datetime] = {}
    for service_id, location_id, said_at in taking.session.execute(
        stmt.where(CapacityStatement.service_id.in_(services))
    ):
        newest[service_id, location_id] = max(said_at, newest.get((service_id, location_id), said_at))
    for _kind, record_id, extra in some:
        said, key = _object(extra.get(AVAILABILITY)), keys.get(record_id)
        at = _moment(said.get("said_at"), taking.now)
        if key is None or at is None or said.get("state") not in set(CapacityState):
            continue
        if key in newest and newest[key] >= at:
            continue
        role, weeks = str(said.get("said_by")), said.get("weeks")
        yield CapacityStatement(
            service_id=key[0],
            location_id=key[1],
            state=CapacityState(str(said["state"])),
            until=_day(said.get("until")),
            weeks=weeks if isinstance(weeks, int) else None,
            said_by=role if role in _ROLES else "import",
            said_at=at,
        )


def _keys(session: Session, some: list[Holder]) -> dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID | None]]:
    """Which service, and at which place, each record speaks of."""
    keys: dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID | None]] = {one[1]: (one[1], None) for one in some}
    links = [one[1] for one in some if one[0] == "service_at_location"]
    for link in session.scalars(select(ServiceAtLocation).where(ServiceAtLocation.id.in_(links))):
        keys[link.id] = (link.service_id, link.location_id)
    return keys


def _words(taking: _Taking, some: list[Holder]) -> Iterable[Base]:
    said = {one[1]: _object(one[2][TRANSLATIONS]) for one in some if one[0] == "service" and TRANSLATIONS in one[2]}
    if not said:
        return
    stmt = select(ListingText.record_id, ListingText.field, ListingText.lang).where(ListingText.record_id.in_(said))
    known = {tuple(row) for row in taking.session.execute(stmt)}
    for service in taking.session.scalars(select(Service).where(Service.id.in_(said))):
        for lang, texts in sorted(said[service.id].items()):
            for field, text in sorted(_object(texts).items()):
                source = getattr(service, field, "") if field in listing_texts.FIELDS else ""
                new = (service.id, field, lang) not in known and _LANG.fullmatch(lang)
                if new and source and isinstance(text, str) and text.strip():
                    yield ListingText(
                        record_id=service.id,
                        field=field,
                        lang=lang,
                        text=text.strip(),
                        origin=WordsOrigin.HUMAN.value,
                        state=WordsState.REVIEWED.value,
                        source_hash=listing_texts.source_hash(source),
                        at=taking.now,
                    )


def _marks(taking: _Taking, some: list[Holder]) -> Iterable[Base]:
    said = {one[1]: (one[0], _object(one[2][CONFIRMED])) for one in some if CONFIRMED in one[2]}
    if not said:
        return
    stmt = select(FieldMark).where(FieldMark.record_id.in_(said))
    known = {(mark.record_id, mark.field_group): mark for mark in taking.session.scalars(stmt)}
    for record_id, (kind, groups) in said.items():
        for group in FieldGroup:
            told = _object(groups.get(group.value))
            at, mark = _moment(told.get("at"), taking.now), known.get((record_id, group))
            if at is None or (mark is not None and mark.confirmed_at is not None and mark.confirmed_at >= at):
                continue
            if mark is None:
                mark = FieldMark(record_kind=kind, record_id=record_id, field_group=group, origin=FieldOrigin.IMPORT)
                yield mark
            if mark.origin == FieldOrigin.IMPORT:
                method = told.get("method")
                mark.confirmed_at = at
                mark.confirmed_method = ConfirmMethod(str(method)) if method in set(ConfirmMethod) else None


def _object(value: object) -> dict[str, object]:
    """A JSON object as it stands, or as the text of a cell; anything else says nothing."""
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _moment(value: object, now: datetime) -> datetime | None:
    try:
        text = plain("datetime", value)
    except BadValueError:
        return None
    found = datetime.fromisoformat(text) if isinstance(text, str) else None
    return found if found and found <= now + _CLOCKS_DIFFER else None


def _day(value: object) -> date | None:
    try:
        text = plain("date", value)
    except BadValueError:
        return None
    return date.fromisoformat(text) if isinstance(text, str) else None
