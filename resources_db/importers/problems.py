"""What was wrong with an import: all of it counted, the first of each kept. Its number does not grow the memory."""

import sqlite3
from collections import Counter
from collections.abc import Iterator

from resources_db.importers import column_sense
from resources_db.importers.records import Problem, Severity, Where

MOST_ERRORS = 1_000
EXAMPLES = 10
_COLUMN_AT_LEAST = 10
_COLUMNS = 'severity, file, line, "column", code, value'


class Problems:
    """Iterates over errors (the first thousand) and warnings (the first ten of each code and column)."""

    def __init__(self, store: sqlite3.Connection) -> None:
        self._store = store

    def add(self, problem: Problem) -> None:
        """Keep a problem."""
        where = problem.where
        file, column, value = (_storable(text) for text in (where.file, problem.column, problem.value))
        row = (problem.severity.value, file, where.line, column, problem.code, value)
        self._store.execute(f"INSERT INTO problem ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", row)  # noqa: S608

    def __iter__(self) -> Iterator[Problem]:
        kept: list[Problem] = []
        told: Counter[tuple[str, str]] = Counter()
        errors = 0
        for row in self._store.execute(f"SELECT {_COLUMNS} FROM problem ORDER BY seq"):  # noqa: S608
            one = _problem(row)
            told[one.code, one.column] += 1
            errors += one.severity == Severity.ERROR
            many = errors > MOST_ERRORS if one.severity == Severity.ERROR else told[one.code, one.column] > EXAMPLES
            if not many:
                kept.append(one)
        return iter(kept)

    def unquote(self, where: Where) -> None:
        """Forget the words that stood at a place: a report must not repeat them."""
        self._store.execute("UPDATE problem SET value = '' WHERE file = ? AND line = ?", (where.file, where.line))

    def counts(self, severity: Severity) -> dict[str, int]:
        """By code."""
        stmt = "SELECT code, count(*) FROM problem WHERE severity = ? GROUP BY code ORDER BY 2 DESC, 1"
        return dict(self._store.execute(stmt, (severity.value,)).fetchall())

    def join_columns(self, filled: Counter[tuple[str, str]]) -> None:
        """A column of which more than half is wrong is one warning about the column, not thousands about rows."""
        groups = (
            'SELECT file, "column", code, count(*), min(seq), min(value) FROM problem'
            " WHERE code LIKE 'bad\\_%' ESCAPE '\\' AND severity = ? GROUP BY 1, 2, 3 HAVING count(*) >= ?"
        )
        found = self._store.execute(groups, (Severity.WARNING.value, _COLUMN_AT_LEAST)).fetchall()
        for file, column, code, count, first, value in found:
            if 2 * count > filled[file, column]:
                shown = f"{value}{self._looks_like(file, column, code)}"
                which = (file, column, code, Severity.WARNING.value, first)
                self._store.execute(
                    'DELETE FROM problem WHERE file = ? AND "column" = ? AND code = ? AND severity = ? AND seq > ?',
                    which,
                )
                self._store.execute(
                    "UPDATE problem SET code = 'column_mostly_wrong', line = 0, value = ? WHERE seq = ?", (shown, first)
                )

    def _looks_like(self, file: str, column: str, code: str) -> str:
        """Another field that these values would fit, behind an arrow."""
        some = 'SELECT value FROM problem WHERE file = ? AND "column" = ? AND code = ? LIMIT 50'
        field = column_sense.likely_field(value for (value,) in self._store.execute(some, (file, column, code)))
        return f" → {field}" if field else ""


def _storable(text: str) -> str:
    """What is wrong may be the letters themselves."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _problem(row: tuple[str, str, int, str, str, str]) -> Problem:
    severity, file, line, column, code, value = row
    return Problem(Where(file, line), code, column, value, Severity(severity))
