"""The edge's clock. In the demo it can be put forward, so that "three days later" can be shown in a minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Clock:
    """Wall time plus an offset kept in a small file, so that a restarted demo does not fall back into the past."""

    def __init__(self, offset_file: Path | None = None) -> None:
        self._file = offset_file
        self._offset = _stored(offset_file)

    def now(self) -> datetime:
        """The moment for everything people see and rules count with."""
        return self.real() + self._offset

    def real(self) -> datetime:
        """True time: sessions and limits of tries must not expire because the demo went forward."""
        return datetime.now(UTC)

    @property
    def offset(self) -> timedelta:
        """How far the demo is ahead."""
        return self._offset

    def advance(self, by: timedelta) -> None:
        """Put the demo's clock forward; it never goes back, since events would change their order."""
        if by < timedelta(0):
            msg = "the clock only goes forward"
            raise ValueError(msg)
        self._offset += by
        if self._file is not None:
            self._file.write_text(str(int(self._offset.total_seconds())), encoding="ascii")


def _stored(file: Path | None) -> timedelta:
    if file is None or not file.exists():
        return timedelta(0)
    text = file.read_text(encoding="ascii").strip()
    return timedelta(seconds=int(text)) if text.isdigit() else timedelta(0)
