"""The work in the background: jobs and the minute's sweep, inside `handrail run` or alone as `handrail worker`.

Shims only: each job opens its transaction, calls one use case and commits.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from messaging import quiet_hours, reconcile, send, sweeper
from portal import housekeeping, languages, next_places, telling, watching
from resources_db import jobs, worker_slots
from resources_db.importers import queue as import_queue
from resources_db.importers import work as importing
from resources_db.importers.work import Shop
from resources_db.jobs import JobName
from resources_db.tenancy import system
from resources_db.vocab import ActorKind

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.wiring import Runtime
    from resources_db.worker_slots import Slot

log = logging.getLogger(__name__.replace("portal", "handrail", 1))

DEMO_ZONE = "America/New_York"
DEMO_DAY_BEGINS = timedelta(minutes=30)
JOBS_KEPT = timedelta(days=7)


class _Working:
    runtime: Runtime | None = None
    slot: Slot | None = None


def start(runtime: Runtime) -> None:
    """Begin to work in this process."""
    if runtime.settings.simulator:
        _wake_up(runtime)
        runtime.phone_company.start()
    _Working.runtime, _Working.slot = runtime, worker_slots.take(runtime.database)
    jobs.launch(
        runtime.settings.database_url,
        handlers(runtime),
        lambda _at: minute(runtime),
        executor_id=_Working.slot.name,
    )


def stop() -> None:
    """Finish what is being sent, take nothing new."""
    jobs.stop()
    if _Working.slot is not None:
        _Working.slot.release()
    _Working.runtime = _Working.slot = None


def _wake_up(runtime: Runtime) -> None:
    # Someone who tries the demo at night or on a Sunday wants to see patient and agency answer: the demo begins its
    # work day, as its clock shows.
    now = opens = runtime.clock.now()
    for window in (quiet_hours.AGENCY, quiet_hours.PATIENT):
        opens = quiet_hours.next_allowed(opens, [DEMO_ZONE], window)
    if opens > now:
        runtime.clock.advance(opens - now + DEMO_DAY_BEGINS)


def handlers(runtime: Runtime) -> Mapping[JobName, Callable[[uuid.UUID], None]]:
    """Who does which job."""
    return {
        JobName.SEND_MESSAGE: partial(send.run, runtime.messenger),
        JobName.RECONCILE_MESSAGE: partial(reconcile.run, runtime.messenger),
        JobName.RELEASE_BATCH: partial(_release, runtime),
        JobName.READ_IMPORT: partial(importing.read, _shop(runtime)),
        JobName.APPLY_IMPORT: partial(importing.apply, _shop(runtime)),
        JobName.UNDO_IMPORT: partial(importing.undo, _shop(runtime)),
    }


def _shop(runtime: Runtime) -> Shop:
    return Shop(runtime.database, runtime.settings.imports_dir, runtime.clock.now)


def minute(runtime: Runtime) -> None:
    """What is due each minute. One part that fails does not keep the others from running."""
    catch_up(runtime)
    _each(runtime, (_seen, _take_over, _imports, _search_changes, watching.look, _forget))
    real = runtime.clock.real()
    if real.minute == 0:
        _each(runtime, (housekeeping.hourly,))
    if (real.hour, real.minute) == (housekeeping.NIGHT.hour, housekeeping.NIGHT.minute):
        _each(runtime, (housekeeping.nightly,))


def catch_up(runtime: Runtime) -> None:
    """What is due by the product's clock: sends, questions, stuck messages."""
    languages.refresh(runtime)
    _each(
        runtime,
        (
            _release_due,
            _follow_up,
            _weekly_lists,
            _listing_questions,
            _room_questions,
            _decisions,
            _next_places,
            _sweep,
        ),
    )


def _each(runtime: Runtime, parts: tuple[Callable[[Runtime], None], ...]) -> None:
    for part in parts:
        try:
            part(runtime)
        except Exception:
            log.exception("a part of the minute's work failed", extra={"job": part.__name__.strip("_")})


def _seen(runtime: Runtime) -> None:
    if _Working.slot is None:
        return
    if not _Working.slot.hold():
        log.error("the slot of this worker is not held", extra={"job": _Working.slot.name})
        return
    with runtime.database.writing(system()) as session, session.begin():
        worker_slots.seen(session, _Working.slot.name, jobs.VERSION, runtime.clock.real())


def _take_over(runtime: Runtime) -> None:
    if _Working.slot is None or not jobs.is_running():
        return
    for name in worker_slots.left_by_the_dead(runtime.database, jobs.begun_by() - {_Working.slot.name}):
        taken = jobs.take_over(name)
        log.warning("took over the jobs of a dead worker", extra={"job": name, "queued": taken})


def _imports(runtime: Runtime) -> None:
    with runtime.database.writing(system(kind=ActorKind.CLOCK)) as session, session.begin():
        import_queue.take_up(session, now=runtime.clock.now())
    importing.tidy(_shop(runtime))


def _sweep(runtime: Runtime) -> None:
    sweeper.sweep(runtime.messenger, runtime.clock.now())


def _release(runtime: Runtime, batch_id: uuid.UUID) -> None:
    from referrals import release

    languages.refresh(runtime)
    with runtime.database.writing(system(kind=ActorKind.CLOCK)) as session, session.begin():
        release.release(session, batch_id, now=runtime.clock.now())


def _release_due(runtime: Runtime) -> None:
    from referrals import release

    now = runtime.clock.now()
    with runtime.database.reading(system(kind=ActorKind.CLOCK)) as session:
        waiting = release.due_batches(session, now=now)
    for batch_id in waiting:
        _alone(runtime, partial(release.release, batch_id=batch_id, now=now))


def _follow_up(runtime: Runtime) -> None:
    from referrals import agency_clock, daily, follow_up

    now = runtime.clock.now()
    with runtime.database.reading(system(kind=ActorKind.CLOCK)) as session:
        planned = follow_up.planned(session, now=now)
    fired = [_alone(runtime, partial(follow_up.fire_row, one=one, now=now)) for one in planned]
    unheard = fired.count(agency_clock.UNHEARD)
    if unheard:
        log.error("notices do not reach agencies, so referrals stay open", extra={"count": unheard})
    _alone(runtime, partial(daily.look, now=now))


def _weekly_lists(runtime: Runtime) -> None:
    from referrals import digests

    now = runtime.clock.now()
    with runtime.database.reading(system(kind=ActorKind.CLOCK)) as session:
        planned = digests.planned(session, now=now)
    for due in planned:
        _alone(runtime, partial(digests.send, due=due, now=now))


def _listing_questions(runtime: Runtime) -> None:
    from referrals import campaign_auto, campaign_clock

    now = runtime.clock.now()
    with runtime.database.reading(system(kind=ActorKind.CLOCK)) as session:
        automatic, planned = campaign_auto.due(session, now=now), campaign_clock.planned(session, now=now)
    if automatic:
        _alone(runtime, partial(campaign_auto.run, now=now))
    for ask_id in planned:
        _alone(runtime, partial(campaign_clock.take, ask_id=ask_id, now=now))
    if planned:
        _alone(runtime, partial(campaign_clock.finish, now=now))


def _room_questions(runtime: Runtime) -> None:
    from referrals import room_checks

    now = runtime.clock.now()
    with runtime.database.reading(system(kind=ActorKind.CLOCK)) as session:
        planned = room_checks.planned(session, now=now)
    for statement_id in planned:
        _alone(runtime, partial(room_checks.ask, statement_id=statement_id, now=now))


def _decisions(runtime: Runtime) -> None:
    now = runtime.clock.now()
    with runtime.database.reading(system(kind=ActorKind.CLOCK)) as session:
        planned = telling.due(session, now=now)
    for change_id in planned:
        _alone(runtime, partial(telling.tell, change_id=change_id, now=now))


def _next_places(runtime: Runtime) -> None:
    for work in next_places.get_ready(runtime, runtime.clock.now()):
        _alone(runtime, work)


def _alone(runtime: Runtime, work: Callable[[Session], object]) -> object:
    """One piece of work in its own transaction: when it fails (None), everybody else's still happens."""
    try:
        with runtime.database.writing(system(kind=ActorKind.CLOCK)) as session, session.begin():
            return work(session)
    except Exception:
        log.exception("one row of the minute's work failed")
        return None


def _search_changes(runtime: Runtime) -> None:
    if runtime.search.followed:
        return  # the indexer of this process does it every second
    now: datetime = runtime.clock.now()
    with runtime.database.reading(system()) as session:
        runtime.search.apply_changes(session, now)


def _forget(runtime: Runtime) -> None:
    if jobs.is_running():
        jobs.forget_finished(runtime.clock.real() - JOBS_KEPT)
