"""Moments as seconds since 1970 inside SQL, alike on both databases: a year of figures is counted as plain numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnExpressionArgument
    from sqlalchemy.sql.compiler import SQLCompiler

_SQLITE_DAYS_OF_1970 = 2_440_587.5


class Seconds(FunctionElement[float]):
    """A moment as seconds since 1970 (to about a tenth of a millisecond), NULL where there is none."""

    name = "seconds"
    type = Float()
    inherit_cache = True


def seconds(moment: ColumnExpressionArgument[datetime] | ColumnExpressionArgument[datetime | None]) -> Seconds:
    """The moment of a column as seconds since 1970."""
    return Seconds(moment)


@compiles(Seconds, "sqlite")
def _sqlite(element: Seconds, compiler: SQLCompiler, **named: object) -> str:
    return f"((julianday({compiler.process(element.clauses, **named)}) - {_SQLITE_DAYS_OF_1970}) * 86400.0)"


@compiles(Seconds)
def _standard(element: Seconds, compiler: SQLCompiler, **named: object) -> str:
    return f"CAST(EXTRACT(EPOCH FROM {compiler.process(element.clauses, **named)}) AS DOUBLE PRECISION)"
