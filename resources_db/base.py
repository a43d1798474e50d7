"""What every table shares: the base, ids, UTC times, stored words as checked text, and the tenant column."""

import uuid
from datetime import UTC, datetime
from enum import Enum, StrEnum
from typing import Annotated, ClassVar, TypeAlias

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, MetaData, Uuid
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

JsonDict: TypeAlias = dict[str, object]
JsonList: TypeAlias = list[object]


def new_id() -> uuid.UUID:
    """A random id, made in Python: encryption binds a value to its row before the row is stored."""
    return uuid.uuid4()


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment. SQLite keeps no zone: naive values are refused going in, marked UTC coming out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The moment in UTC; raises ValueError for a naive time."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "a stored time must be aware"
            raise ValueError(msg)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The stored moment as an aware UTC time."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


WORD_LENGTH = 40


def _values(kind: type[Enum]) -> list[str]:
    return [str(member.value) for member in kind]


def words(kind: type[StrEnum], name: str) -> SqlEnum:
    """Checked text under a given constraint name: needed where one table holds two columns of the same words."""
    return SqlEnum(
        kind, name=name, native_enum=False, create_constraint=True, length=WORD_LENGTH, values_callable=_values
    )


Id = Annotated[uuid.UUID, mapped_column(Uuid, primary_key=True, default=new_id)]


class Base(DeclarativeBase):
    """The one declarative base. Rows get their id when they are made, not when they are flushed."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {
        Enum: SqlEnum(Enum, native_enum=False, create_constraint=True, length=WORD_LENGTH, values_callable=_values),
        datetime: UtcDateTime,
        uuid.UUID: Uuid,
        list[str]: JSON,
        JsonDict: JSON,
        JsonList: JSON,
    }

    def __init__(self, **values: object) -> None:
        # id and org_id first: encrypted attributes are bound to both.
        mapper = self.__mapper__
        if "id" in mapper.columns and isinstance(mapper.columns["id"].type, Uuid):
            values.setdefault("id", new_id())
        for name in ("id", "org_id"):
            if name in values:
                setattr(self, name, values.pop(name))
        for name, value in values.items():
            if not hasattr(type(self), name):
                msg = f"{type(self).__name__} has no attribute {name}"
                raise TypeError(msg)
            setattr(self, name, value)


class TenantRow:
    """A row that belongs to one tenant; `resources_db.tenancy` filters every ORM query on it."""

    @declared_attr
    @classmethod
    def org_id(cls) -> Mapped[uuid.UUID]:
        """The tenant that owns the row; never changes."""
        return mapped_column(ForeignKey("org.id"), index=True)


class Created:
    """When and by whom a row was made."""

    created_at: Mapped[datetime]
    created_by: Mapped[uuid.UUID | None]
