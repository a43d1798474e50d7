"""Sets of questions that may be asked here: the shipped ones, and those a site brought as a FHIR Questionnaire.

The file stays as it was given; beside it stands which answer points at which need, as an administrator said.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias, cast

from sqlalchemy import select

from referrals import instruments_fhir
from referrals.errors import BadInputError, NotFoundError
from referrals.instruments_shipped import SHIPPED
from resources_db import audit, needs
from resources_db.models.care import Questionnaire
from resources_db.tenancy import actor_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.instruments import Instrument

Needs: TypeAlias = Mapping[str, Mapping[str, str]]
"""Question id to answer code to need."""
DANGER = "danger"
"""What a mapping says where an answer means that somebody must be looked at today."""
LONGEST_NOTE = 500


def offered(session: Session) -> list[Instrument]:
    """What may be asked now: shipped first, then the site's own that are not retired, by title."""
    own = session.scalars(select(Questionnaire).where(Questionnaire.retired_at.is_(None)).order_by(Questionnaire.title))
    return [*SHIPPED.values(), *map(instrument_of, own)]


def find(session: Session, instrument: str, version: str) -> Instrument:
    """The set of questions of a screening, retired or not; raises NotFoundError."""
    shipped = SHIPPED.get(instrument)
    if shipped is not None:
        return shipped
    query = select(Questionnaire).where(Questionnaire.url == instrument, Questionnaire.version == version)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError
    return instrument_of(found)


def to_ask(session: Session, instrument: str) -> Instrument:
    """One that may be asked now, by `key_of`; raises NotFoundError."""
    found = next((one for one in offered(session) if key_of(one) == instrument), None)
    if found is None:
        raise NotFoundError
    return found


def key_of(instrument: Instrument) -> str:
    """What names a set in a form."""
    return f"{instrument.id}|{instrument.version}"


def instrument_of(row: Questionnaire) -> Instrument:
    """The questions of a stored file, with the site's needs."""
    return instruments_fhir.read(source_of(row), needs_of(row))


def source_of(row: Questionnaire) -> dict[str, object]:
    """The file as it was given."""
    return cast("dict[str, object]", row.content.get("source", {}))


def needs_of(row: Questionnaire) -> Needs:
    """Which answers point at which needs."""
    return cast("Needs", row.content.get("needs", {}))


def all_of_site(session: Session) -> Sequence[Questionnaire]:
    """Everything the site brought, those in use first."""
    order = (Questionnaire.retired_at.is_not(None), Questionnaire.title, Questionnaire.version)
    return session.scalars(select(Questionnaire).order_by(*order)).all()


def get(session: Session, questionnaire_id: uuid.UUID) -> Questionnaire:
    """One of them; raises NotFoundError."""
    query = select(Questionnaire).where(Questionnaire.id == questionnaire_id).with_for_update()
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def bring(session: Session, *, raw: bytes, license_note: str, now: datetime) -> Questionnaire:
    """Keep an uploaded file. Raises UnreadableError with every fault, BadInputError for the note or a known version."""
    if not raw:
        raise BadInputError("file", "missing")
    note = license_note.strip()
    if not note or len(note) > LONGEST_NOTE:
        raise BadInputError("license", "too_long" if note else "missing")
    source = instruments_fhir.parse(raw)
    instrument = instruments_fhir.read(source)
    same = select(Questionnaire.id).where(
        Questionnaire.url == instrument.id, Questionnaire.version == instrument.version
    )
    if session.scalars(same).first() is not None:
        raise BadInputError("file", "known_version")
    actor = actor_of(session)
    assert actor.org_id is not None
    row = Questionnaire(
        org_id=actor.org_id,
        url=instrument.id,
        version=instrument.version,
        title=str(instrument.title),
        content={"source": source, "needs": {}},
        license_note=note,
        created_at=now,
        created_by=actor.user_id,
    )
    session.add(row)
    session.flush()
    _audit(session, row, "bring", now)
    return row


def map_needs(session: Session, row: Questionnaire, told: Mapping[tuple[str, str], str], *, now: datetime) -> None:
    """Say which answers point at which needs; screenings that are finished stay as they were.

    `told` is (question, code) to a need, to DANGER, or to nothing. Raises BadInputError for what is none.
    """
    instrument = instrument_of(row)
    kept: dict[str, dict[str, str]] = {}
    for (question, code), need in told.items():
        known = instrument.by_id.get(question)
        if known is None or code not in {one.code for one in known.choices}:
            raise BadInputError("needs", "unknown")
        if need and need != DANGER and need not in needs.NEEDS:
            raise BadInputError("needs", "unknown")
        if need:
            kept.setdefault(question, {})[code] = need
    row.content = {**row.content, "needs": kept}
    _audit(session, row, "map", now)


def retire(session: Session, row: Questionnaire, *, now: datetime) -> None:
    """Ask it no more; what was answered stays."""
    if row.retired_at is None:
        row.retired_at = now
        _audit(session, row, "retire", now)


def use_again(session: Session, row: Questionnaire, *, now: datetime) -> None:
    """Offer it again."""
    if row.retired_at is not None:
        row.retired_at = None
        _audit(session, row, "use_again", now)


def _audit(session: Session, row: Questionnaire, what: str, now: datetime) -> None:
    audit.record(session, action=f"questionnaire.{what}", subject_kind="questionnaire", subject_id=row.id, now=now)
