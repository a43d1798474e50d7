"""Words and rows of the pages about duplicates: why two records may be one, and both of them field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import select

from i18n import formatting
from i18n.catalog import gettext, ngettext
from i18n.catalog import lazy_gettext as _
from portal import need_words, place_words
from portal.parts import Piece, changed_pieces
from resources_db import hours_rows
from resources_db.duplicate_facts import MODELS
from resources_db.duplicates import LIKELY, LOCATION, MAYBE, ORGANIZATION, SERVICE
from resources_db.merge_journal import plain
from resources_db.merging import FIELDS
from resources_db.models.directory import Address, Location, Organization, Phone, Schedule, Service
from resources_db.vocab import Access, Confidentiality, CostKind

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from i18n.lazy import LazyText
    from resources_db.merge_checks import Merged
    from resources_db.models.upkeep import DuplicatePair

KIND_WORDS: Final[Mapping[str, LazyText]] = {
    ORGANIZATION: _("Organizations"),
    SERVICE: _("Services"),
    LOCATION: _("Places"),
}
BAND_WORDS: Final[Mapping[str, LazyText]] = {LIKELY: _("Likely the same"), MAYBE: _("Maybe the same")}
LABELS: Final[Mapping[str, LazyText]] = {
    "name": _("Name"),
    "alternate_name": _("Other name"),
    "description": _("What it is"),
    "email": _("E-mail"),
    "website": _("Website"),
    "url": _("Website"),
    "year_incorporated": _("Founded"),
    "legal_status": _("Legal form"),
    "needs": _("Helps with"),
    "eligibility_description": _("Who can go"),
    "minimum_age": _("Youngest age"),
    "maximum_age": _("Oldest age"),
    "access": _("How to get in"),
    "application_process": _("How to start"),
    "cost_kind": _("Cost"),
    "fees_description": _("Words about cost"),
    "interpretation_services": _("Interpreters"),
    "alert": _("Notice"),
    "transportation": _("How to get there"),
    "hours": _("Hours"),
    "address": _("Address"),
}
REASONS: Final[Mapping[str, LazyText]] = {
    "same_name": _("same name"),
    "names_alike": _("names alike"),
    "disguised": _("letters that only look the same"),
    "same_street": _("same street"),
    "same_email": _("same e-mail"),
    "same_host": _("same website"),
    "texts_alike": _("descriptions alike"),
    "same_id": _("same number in another system"),
}
MOVES: Final[Mapping[str, LazyText]] = {
    "services": _("Services: %(num)s"),
    "places": _("Places: %(num)s"),
    "phones": _("Phones: %(num)s"),
    "contacts": _("Contacts: %(num)s"),
    "referrals": _("Referrals: %(num)s"),
    "statements": _("Words about room: %(num)s"),
    "changes": _("Proposed changes: %(num)s"),
    "reviews": _("Things to check: %(num)s"),
    "words": _("Translations: %(num)s"),
    "accounts": _("Agency accounts: %(num)s"),
}
REFUSED: Final[Mapping[str, LazyText]] = {
    "not_found": _("One of the two is no longer in the directory."),
    "same": _("These are one record already."),
    "two_accounts": _("Both agencies have an account here. Their staff would read each other's referrals."),
    "protected": _("One place is protected and the other is not. Protect both first, then merge."),
    "later_merge": _("One of the two was merged again later. Take that merge back first."),
    "too_late": _("A merge can be taken back for 90 days."),
    "undone": _("This merge was taken back already."),
}


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair in the list."""

    id: str
    first: str
    second: str
    reasons: str
    likely: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two records at the head of the page."""

    id: str
    name: str
    under: str
    source: str
    edited: str
    phones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of both. `same`: nothing to pick."""

    name: str
    label: str
    first: tuple[Piece, ...]
    second: tuple[Piece, ...]
    same: bool
    from_gone: bool


def reasons(pair: DuplicatePair) -> str:
    """`Same phone, 90 m apart`."""
    said = [_reason(*map(str, one)) for one in pair.reasons if isinstance(one, list)]
    return ", ".join(word for word in said if word)


def _reason(code: str, value: str) -> str:
    if code == "near":
        return gettext("%(metres)s m apart", metres=formatting.number(int(float(value))))
    if code == "same_phone":
        return gettext("same phone %(number)s", number=formatting.phone(value))
    return str(REASONS.get(code, ""))


def pair_row(pair: DuplicatePair, names: Mapping[uuid.UUID, str]) -> PairRow:
    """The pair with both names and why it stands here."""
    first, second = (names.get(one) or gettext("No name") for one in (pair.first_id, pair.second_id))
    return PairRow(str(pair.id), first, second, reasons(pair), pair.band == LIKELY)


def moved(moves: Mapping[str, int]) -> list[str]:
    """`Services: 3`, for each thing that would move."""
    return [str(MOVES[word]) % {"num": formatting.number(number)} for word, number in moves.items()]


def sides(session: Session, kind: str, ids: Sequence[uuid.UUID]) -> list[Side]:
    """Both records as one tells them apart at a glance."""
    rows = _records(session, kind, ids)
    houses = _houses(session, rows.values())
    addresses = _addresses(session, [row for row in rows.values() if isinstance(row, Location)])
    column = {ORGANIZATION: Phone.organization_id, SERVICE: Phone.service_id, LOCATION: Phone.location_id}[kind]
    phones: dict[uuid.UUID | None, list[str]] = {}
    held = select(column, Phone.e164, Phone.number).where(column.in_(ids), Phone.private.is_(False))
    for owner, e164, number in session.execute(held.order_by(Phone.position, Phone.id)):
        phones.setdefault(owner, []).append(formatting.phone(e164) if e164 else number)
    return [
        Side(
            str(number),
            rows[number].name or gettext("No name"),
            _under(rows[number].name, houses.get(number, "") or addresses.get(number, "")),
            rows[number].source or gettext("Written by hand"),
            formatting.short_date(rows[number].edited_at.date()),
            tuple(phones.get(number, ())),
        )
        for number in ids
    ]


def _under(name: str, more: str) -> str:
    return more if more != name else ""


def _records(session: Session, kind: str, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Merged]:
    model = MODELS[kind]
    found = cast("Sequence[Merged]", session.scalars(select(model).where(model.id.in_(ids))).all())
    return {row.id: row for row in found}


def compared(session: Session, kind: str, ids: Sequence[uuid.UUID]) -> list[Compared]:
    """Each field that one of the two has, differing ones first; empty ones of the survivor are filled."""
    rows = _records(session, kind, ids)
    first, second = (rows[number] for number in ids)
    said = [(name, _said(name, getattr(first, name)), _said(name, getattr(second, name))) for name in FIELDS[kind]]
    if kind != ORGANIZATION:
        texts = _hours(session, kind, ids)
        said.append(("hours", texts[ids[0]], texts[ids[1]]))
    if isinstance(first, Location) and isinstance(second, Location):
        streets = _addresses(session, [first, second])
        said.append(("address", streets.get(first.id, ""), streets.get(second.id, "")))
    found = [_compared(name, mine, theirs) for name, mine, theirs in said if mine or theirs]
    return sorted(found, key=lambda row: row.same)


def _compared(name: str, mine: str, theirs: str) -> Compared:
    first, second = changed_pieces(mine, theirs)
    return Compared(name, str(LABELS[name]), first, second, mine == theirs, not mine and bool(theirs))


def _said(name: str, value: object) -> str:
    if value in (None, "", []):
        return ""
    if name == "needs" and isinstance(value, list):
        return formatting.list_of(need_words.need(one) for one in value)
    if isinstance(value, CostKind):
        return str(place_words.COST.get(value, ""))
    if isinstance(value, Access):
        return str(place_words.ACCESS[value])
    return formatting.number(value) if isinstance(value, float) else str(plain(value))


def _hours(session: Session, kind: str, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    column = Schedule.service_id if kind == SERVICE else Schedule.location_id
    held: dict[uuid.UUID, list[Schedule]] = {number: [] for number in ids}
    for row in session.scalars(select(Schedule).where(column.in_(ids)).order_by(Schedule.position, Schedule.id)):
        owner = row.service_id if kind == SERVICE else row.location_id
        if owner is not None:
            held[owner].append(row)
    return {
        owner: place_words.weekly_rules(hours_rows.rules_of(rows))
        or "; ".join(dict.fromkeys(filter(None, (row.original_text or row.description for row in rows))))
        for owner, rows in held.items()
    }


def _addresses(session: Session, places: Iterable[Location]) -> dict[uuid.UUID, str]:
    """Public addresses in a line; of a protected place only that it is one."""
    rows = list(places)
    public = [row.id for row in rows if row.confidentiality is Confidentiality.PUBLIC]
    found = {row.id: gettext("Protected place") for row in rows if row.id not in public}
    for one in session.scalars(select(Address).where(Address.location_id.in_(public)).order_by(Address.position)):
        if one.location_id is not None and one.location_id not in found:
            parts = (one.address_1, one.address_2, one.city, f"{one.state_province} {one.postal_code}".strip())
            found[one.location_id] = ", ".join(part for part in parts if part)
    return found


def _houses(session: Session, rows: Iterable[Merged]) -> dict[uuid.UUID, str]:
    services = {row.id: row.organization_id for row in rows if isinstance(row, Service)}
    owners = select(Organization.id, Organization.name).where(Organization.id.in_(set(services.values())))
    names = dict(session.execute(owners).all())
    return {service: names.get(house, "") for service, house in services.items()}


def merged_word(number: int) -> str:
    """What the toast says of a bulk decision."""
    return ngettext("%(num)s pair told apart.", "%(num)s pairs told apart.", number)
