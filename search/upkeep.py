"""Writing the index of one host: takes changes in, builds anew beside, checks against SQL. Knows no requests."""

import errno
import logging
import time
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from search import follow, index, verify
from search.errors import IndexUnavailableError
from search.follow import Progress
from search.store import Generation, Store
from search.verify import Drift

_log = logging.getLogger(__name__)

WRITER_WAITS = 30.0


def take(
    store: Store, current: Generation | None, session: Session, now: datetime, *, wait: float = WRITER_WAITS
) -> int | None:
    """Services taken into the current generation (None: it cannot be read); None when a rebuild is the better way."""
    if current is None:
        return None
    manifest = current.manifest()
    if follow.needs_rebuild(manifest, now) or follow.is_of_another_past(session, manifest):
        return None
    if current.is_settled and not follow.is_behind(session, manifest):
        return 0
    with index.only_one(store.lock, wait=wait) as mine:
        if not mine or store.current() != current:
            return 0
        try:
            return follow.apply(current, session, now)
        except IndexUnavailableError as error:
            _log.warning("search index is rebuilt: %s", error.reason)
            return None


def rebuild(
    store: Store, session: Session, now: datetime, progress: Progress | None = None, *, wait: float = WRITER_WAITS
) -> int:
    """Listings in the new index. Readers go on with the old one until it is ready and checked."""
    store.make()
    with index.only_one(store.rebuild_lock, wait=wait) as mine:
        if not mine:
            raise IndexUnavailableError("another_writer")
        store.take_ask()  # whoever asked until now gets what is built now
        began = time.monotonic()
        try:
            listings = _rebuild(store, session, now, progress)
        except Exception as error:
            failed = replace(store.report(), rebuilding=False, rebuilt_at=now.isoformat(), result=code(error))
            store.tell(replace(failed, failures=failed.failures + 1))
            raise
        done = replace(store.report(), rebuilding=False, rebuilt_at=now.isoformat(), result="ok", failures=0)
        store.tell(replace(done, listings=listings, seconds=round(time.monotonic() - began, 3)))
        return listings


def _rebuild(store: Store, session: Session, now: datetime, progress: Progress | None) -> int:
    def told(done: int, total: int) -> None:
        store.tell(replace(store.report(), rebuilding=True, done=done, total=total))
        if progress is not None:
            progress(done, total)

    generation, listings = follow.build(store, session, now, told)
    with index.only_one(store.lock, wait=WRITER_WAITS) as mine:
        if not mine:
            generation.remove()
            raise IndexUnavailableError("another_writer")
        store.make_current(generation)
    return listings


def check(store: Store, session: Session, now: datetime) -> Drift | None:
    """How far the current generation is from SQL; None while changes wait, for then a difference means nothing."""
    opened = store.current().open()
    if follow.is_behind(session, opened.manifest):
        return None
    found = verify.drift(opened.snapshot, session, now)
    if follow.is_behind(session, opened.manifest):
        return None
    checked = replace(store.report(), checked_at=now.isoformat(), indexed=found.indexed, in_sql=found.in_sql)
    store.tell(replace(checked, differing=found.differing))
    return found


def code(error: Exception) -> str:
    """What went wrong, short and without anything of a listing."""
    if isinstance(error, IndexUnavailableError):
        return error.reason
    if isinstance(error, OSError) and error.errno is not None:
        return f"os_{errno.errorcode.get(error.errno, 'error').lower()}"
    return type(error).__name__
