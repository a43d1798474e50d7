"""Whose turn it is among the processes of one host: a lock held for as long as its holder lives."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path


class Turn:
    """The system gives the lock back when its holder dies, however it dies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def mine(self) -> bool:
        """Take the turn if nobody has it; a lock whose file was removed counts no longer."""
        if self._file is not None and self._is_there(self._file):
            return True
        self.give_up()
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            return False
        self._file = file
        return True

    def give_up(self) -> None:
        if self._file is not None:
            with suppress(OSError):
                os.close(self._file)
            self._file = None

    def is_taken(self) -> bool:
        """Somebody has it: we, or another process."""
        if self._file is not None:
            return True
        taken = not self.mine()
        self.give_up()
        return taken and self._path.exists()

    def _is_there(self, file: int) -> bool:
        try:
            return os.fstat(file).st_ino == self._path.stat().st_ino
        except OSError:
            return False
