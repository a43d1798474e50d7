"""Puts referrals and needs into groups: by need, agency, language, ZIP code, care team, month; several at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
from sqlalchemy import select

from referrals.needs import domain_of
from referrals.periods import By, calendar_of
from resources_db.encryption import vault
from resources_db.models.people import Need, Patient
from resources_db.models.referrals import Referral, ServiceRequest
from resources_db.repositories.columns import raw, rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from referrals.periods import Codes, Flags, Times

Key = tuple[str, ...]
REFERRAL, REQUEST, NEED, PATIENT = (one.__table__.c for one in (Referral, ServiceRequest, Need, Patient))
_BY_NEED = frozenset({By.DOMAIN, By.NEED})
_BY_PATIENT = frozenset({By.LANGUAGE, By.TEAM, By.ZIP})
_OF_REFERRAL = {
    **dict.fromkeys(_BY_NEED, REFERRAL.request_id),
    **dict.fromkeys(_BY_PATIENT, REFERRAL.patient_id),
    By.AGENCY: REFERRAL.organization_id,
    By.SERVICE: REFERRAL.service_id,
}
_OF_NEED = {**dict.fromkeys(_BY_NEED, NEED.subneed), **dict.fromkeys(_BY_PATIENT, NEED.patient_id)}
_CALENDAR = frozenset({By.MONTH, By.WEEK})
ZIP_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Groups:
    """The group of each row, as a number into `keys`."""

    code: Codes
    keys: tuple[Key, ...]

    def only(self, kept: Flags) -> Groups:
        """The groups of a part of the rows."""
        return replace(self, code=self.code[kept])

    def count(self, flags: Flags) -> list[int]:
        """How many of each group carry the flag."""
        found: list[int] = np.bincount(self.code[flags], minlength=len(self.keys)).tolist()
        return found

    def is_in(self, name: str) -> Flags:
        """Which rows belong to this group of the last thing they are grouped by."""
        found: Flags = np.isin(self.code, [at for at, key in enumerate(self.keys) if key[-1:] == (name,)])
        return found

    def along(self, place: int) -> Groups:
        """Grouped by one of several things only."""
        number: dict[Key, int] = {}
        code = [number.setdefault((key[place],), len(number)) for key in self.keys]
        return Groups(np.array(code, dtype=np.int32)[self.code] if code else self.code, tuple(number))


class Keys:
    """Adds to a query what its rows are grouped by, and makes the groups of what came back."""

    def __init__(self, session: Session, by: Sequence[By], zone: str) -> None:
        self._session, self._by, self._zone = session, by, zone
        self._read = [one for one in by if one not in _CALENDAR]
        self._of_requests = True

    def of_referrals(self, query: Select[*tuple[object, ...]]) -> Select[*tuple[object, ...]]:
        """For a query of referrals."""
        return query.add_columns(*(raw(_OF_REFERRAL[by]) for by in self._read))

    def of_needs(self, query: Select[*tuple[object, ...]]) -> Select[*tuple[object, ...]]:
        """For a query of needs."""
        self._of_requests = False
        return query.add_columns(*(raw(_OF_NEED[by]) for by in self._read))

    def groups(self, columns: Sequence[Sequence[object]], moments: Times) -> Groups:
        """The groups of the rows, from the added columns and the moments of the rows."""
        read = iter(columns)
        parts = [
            calendar_of(moments, one, self._zone) if one in _CALENDAR else self._names(one, next(read))
            for one in self._by
        ]
        if not parts:
            return Groups(np.zeros(len(moments), dtype=np.int32), ((),))
        number: dict[Key, int] = {}
        rows = (number.setdefault(key, len(number)) for key in zip(*parts, strict=True))
        code = np.fromiter(rows, np.int32, len(moments))
        return Groups(code, tuple(number))

    def _names(self, by: By, values: Sequence[object]) -> list[str]:
        if by in _BY_PATIENT:
            of_patient = _patients(self._session, by)
            return [of_patient[value] for value in values]
        if by in _BY_NEED:
            of_request = _requests(self._session) if self._of_requests else {}
            named = {value: _need(str(of_request.get(value, value)), by) for value in set(values)}
        else:
            named = {value: str(value) for value in set(values)}
        return [named[value] for value in values]


def _need(subneed: str, by: By) -> str:
    return domain_of(subneed) if by is By.DOMAIN else subneed


def _requests(session: Session) -> Mapping[object, object]:
    query = select(raw(REQUEST.id), raw(NEED.subneed))
    joined = query.join_from(ServiceRequest.__table__, Need.__table__, NEED.id == REQUEST.need_id)
    return {request: subneed for request, subneed in rows(session, joined)}  # noqa: C416  # two of each row, says mypy


def _patients(session: Session, by: By) -> Mapping[object, str]:
    if by is By.ZIP:
        return _zips(session)
    column = PATIENT.language if by is By.LANGUAGE else PATIENT.care_team_id
    return {one: str(value) for one, value in rows(session, select(raw(PATIENT.id), raw(column)))}


def _zips(session: Session) -> Mapping[object, str]:
    """The ZIP code of each patient; three digits where no more is known. Opened here, shown in large groups only."""
    query = select(raw(PATIENT.id), PATIENT.id, PATIENT.org_id, PATIENT.zip_enc, PATIENT.zip3)
    return {name: _zip(session, row) for name, *row in rows(session, query)}


def _zip(session: Session, row: Sequence[object]) -> str:
    one, org_id, sealed, zip3 = row
    if not sealed:
        return str(zip3)
    assert isinstance(sealed, bytes)
    assert isinstance(org_id, UUID)
    assert isinstance(one, UUID)
    return vault().decrypt(sealed, "patient.zip", org_id, one, session)[:ZIP_DIGITS]
