"""Bundles: named sets of needs with what their places must be and when we ask. Made, changed, copied, put away.

Places are never stored here; `bundle_places` finds them when a bundle is used, `bundle_use` sends them. The shipped
ones become rows when somebody changes or uses them: until then they are the same for everybody and follow the release.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from referrals.bundle_forms import CHECK_INS, FILTERS, LONGEST_NAME, MOST_NEEDS, OFFERED, SHIPPED, Form, Item
from referrals.errors import BadInputError, NotFoundError, ReferralError
from resources_db import audit
from resources_db.models.care import Bundle, BundleItem
from resources_db.tenancy import actor_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.base import JsonDict


class BundleChangedError(ReferralError):
    """Somebody changed the bundle meanwhile (409)."""

    code = "bundle_changed"


@dataclass(frozen=True, slots=True)
class Kit:
    """A bundle as pages and sends read it. `name` is empty while a shipped one has its name from the catalogs."""

    id: uuid.UUID
    name: str
    shipped: str
    items: tuple[Item, ...]
    check_ins: tuple[str, ...]
    discharge: bool
    version: int
    retired: bool = False


def of_org(session: Session, *, retired: bool = False) -> list[Kit]:
    """The bundles of the actor's org: its own by name, the shipped ones after them; or those that were put away."""
    rows = session.scalars(select(Bundle).options(selectinload(Bundle.items))).all()
    stored = {row.id: _kit(row) for row in rows}
    found = [*stored.values(), *(kit for kit in _untouched(session) if kit.id not in stored)]
    order = list(SHIPPED)
    return sorted(
        (kit for kit in found if kit.retired is retired),
        key=lambda kit: (not kit.name, kit.name.casefold(), order.index(kit.shipped) if kit.shipped else 0),
    )


def get(session: Session, bundle_id: uuid.UUID) -> Kit:
    """The bundle, stored or shipped; raises NotFoundError for a foreign one."""
    row = _row(session, bundle_id)
    if row is not None:
        return _kit(row)
    for kit in _untouched(session):
        if kit.id == bundle_id:
            return kit
    raise NotFoundError


def create(session: Session, form: Form, *, now: datetime) -> Kit:
    """A new bundle. Raises BadInputError for a field that does not hold."""
    _check(session, form, None)
    org_id = _org_id(session)
    row = Bundle(id=uuid.uuid4(), org_id=org_id, created_at=now, created_by=actor_of(session).user_id)
    _fill(row, form)
    session.add(row)
    session.flush()
    _put_items(session, row, form.items)
    _audit(session, "bundle.create", row.id, now)
    return get(session, row.id)


def copy(session: Session, bundle_id: uuid.UUID, *, name: str, now: datetime) -> Kit:
    """A bundle of one's own that begins as this one; the name gets a number when it is taken."""
    like = get(session, bundle_id)
    return create(session, Form(_free_name(session, name), like.items, like.check_ins, like.discharge), now=now)


def change(session: Session, bundle_id: uuid.UUID, form: Form, *, version: int, now: datetime) -> Kit:
    """Change a bundle. Raises BundleChangedError when it is not the `version` the person looked at."""
    kept = keep(session, bundle_id, now=now)
    _check(session, form, kept)
    _next_version(session, bundle_id, version)
    row = _row(session, bundle_id)
    assert row is not None
    _fill(row, form)
    for item in row.items:
        session.delete(item)
    session.flush()
    _put_items(session, row, form.items)
    _audit(session, "bundle.change", row.id, now)
    return get(session, bundle_id)


def retire(session: Session, bundle_id: uuid.UUID, *, now: datetime) -> Kit:
    """Offer it no longer; what was sent with it stays as it is. Twice is once."""
    return _put_away(session, bundle_id, now, away=True)


def bring_back(session: Session, bundle_id: uuid.UUID, *, now: datetime) -> Kit:
    """Offer it again."""
    return _put_away(session, bundle_id, now, away=False)


def keep(session: Session, bundle_id: uuid.UUID, *, now: datetime) -> Kit:
    """The bundle as a row: a shipped one becomes one now, once, whoever is first."""
    kit = get(session, bundle_id)
    if _row(session, bundle_id) is not None:
        return kit
    try:
        with session.begin_nested():  # two people may use it for the first time in the same moment
            row = Bundle(id=kit.id, org_id=_org_id(session), created_at=now, name=kit.shipped, shipped=kit.shipped)
            row.plan = _plan(SHIPPED[kit.shipped])
            session.add(row)
            session.flush()
            _put_items(session, row, kit.items)
    except IntegrityError:
        pass
    return get(session, bundle_id)


def _put_away(session: Session, bundle_id: uuid.UUID, now: datetime, *, away: bool) -> Kit:
    keep(session, bundle_id, now=now)
    row = _row(session, bundle_id)
    assert row is not None
    if (row.retired_at is not None) is not away:
        row.retired_at = now if away else None
        session.flush()
        _audit(session, "bundle.retire" if away else "bundle.restore", row.id, now)
    return _kit(row)


def _check(session: Session, form: Form, kept: Kit | None) -> None:
    name = form.name.strip()
    if not name and not (kept is not None and kept.shipped and not kept.name):
        raise BadInputError("name", "missing")
    if len(name) > LONGEST_NAME:
        raise BadInputError("name", "too_long")
    if name and _taken(session, name, kept.id if kept is not None else None):
        raise BadInputError("name", "taken")
    subneeds = [item.subneed for item in form.items]
    if not subneeds:
        raise BadInputError("items", "missing")
    if len(subneeds) > MOST_NEEDS:
        raise BadInputError("items", "too_many")
    if len(set(subneeds)) < len(subneeds):
        raise BadInputError("items", "twice")
    if not set(subneeds) <= set(OFFERED):
        raise BadInputError("items", "not_possible")
    if not {code for item in form.items for code in item.filters} <= set(FILTERS):
        raise BadInputError("items", "unknown_filter")
    if not set(form.check_ins) <= set(CHECK_INS):
        raise BadInputError("check_ins", "unknown")


def _taken(session: Session, name: str, but: uuid.UUID | None) -> bool:
    if name.lower() in SHIPPED:
        return True  # the code of a sample is its name while nobody gave it another
    same = select(Bundle.id).where(func.lower(Bundle.name) == name.lower())
    return any(found != but for found in session.scalars(same))


def _free_name(session: Session, name: str) -> str:
    name, number = name[: LONGEST_NAME - 3].strip(), 2
    wished = name
    while _taken(session, wished, None):
        wished, number = f"{name} {number}", number + 1
    return wished


def _fill(row: Bundle, form: Form) -> None:
    row.name = form.name.strip() or row.shipped
    row.plan = _plan(form)


def _plan(form: Form) -> JsonDict:
    days = [code for code in CHECK_INS if code in form.check_ins]
    return {"check_ins": days, "discharge": form.discharge}


def _put_items(session: Session, row: Bundle, items: Iterable[Item]) -> None:
    session.add_all(
        BundleItem(
            org_id=row.org_id,
            bundle_id=row.id,
            position=position,
            subneed=item.subneed,
            filters={code: True for code in FILTERS if code in item.filters},
        )
        for position, item in enumerate(items)
    )
    session.flush()


def _next_version(session: Session, bundle_id: uuid.UUID, version: int) -> None:
    swapped = session.execute(
        update(Bundle)
        .where(Bundle.id == bundle_id, Bundle.version == version)
        .values(version=version + 1)
        .returning(Bundle.id)
        .execution_options(synchronize_session=False)
    ).first()
    if swapped is None:
        raise BundleChangedError


def _row(session: Session, bundle_id: uuid.UUID) -> Bundle | None:
    query = select(Bundle).where(Bundle.id == bundle_id).options(selectinload(Bundle.items))
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _kit(row: Bundle) -> Kit:
    return Kit(
        id=row.id,
        name="" if row.shipped and row.name == row.shipped else row.name,
        shipped=row.shipped,
        items=tuple(Item(one.subneed, tuple(code for code in FILTERS if one.filters.get(code))) for one in row.items),
        check_ins=tuple(code for code in CHECK_INS if code in _codes(row.plan)),
        discharge=bool(row.plan.get("discharge")),
        version=row.version,
        retired=row.retired_at is not None,
    )


def _codes(plan: JsonDict) -> Sequence[object]:
    stored = plan.get("check_ins")
    return stored if isinstance(stored, list) else ()


def _untouched(session: Session) -> list[Kit]:
    """The shipped bundles as nobody has changed them; their ids are made of the org's, so that links last."""
    org_id = _org_id(session)
    blank = Kit(org_id, "", "", (), (), discharge=False, version=1)
    return [
        replace(
            blank,
            id=uuid.uuid5(org_id, f"bundle:{code}"),
            shipped=code,
            items=form.items,
            check_ins=form.check_ins,
            discharge=form.discharge,
        )
        for code, form in SHIPPED.items()
    ]


def _org_id(session: Session) -> uuid.UUID:
    org_id = actor_of(session).org_id
    if org_id is None:
        raise NotFoundError
    return org_id


def _audit(session: Session, action: str, bundle_id: uuid.UUID, now: datetime) -> None:
    audit.record(session, action=action, subject_kind="bundle", subject_id=bundle_id, now=now)
