"""One import at a time in an installation: a lock that its holder's death frees. It is held outside any transaction."""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import NullPool, create_engine, func, select

from resources_db.engine import Database

LOCK = 0x48_52_FF
"""Our number among the server's advisory locks, behind those of worker slots."""
_LOOK_AGAIN_SECONDS = 0.2


@contextmanager
def my_turn(database: Database, folder: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Wait until no other import is being read or written; `waiting` is called again and again meanwhile."""
    turn = _of_file(folder) if database.is_sqlite else _of_server(database)
    with turn as taken:
        while not taken():
            waiting()
            time.sleep(_LOOK_AGAIN_SECONDS)
        yield


@contextmanager
def _of_file(folder: Path) -> Iterator[Callable[[], bool]]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".turn").open("a") as file:

        def taken() -> bool:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        yield taken


@contextmanager
def _of_server(database: Database) -> Iterator[Callable[[], bool]]:
    engine = create_engine(database.url, poolclass=NullPool, hide_parameters=True, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield lambda: bool(connection.scalar(select(func.pg_try_advisory_lock(LOCK))))
    engine.dispose()
