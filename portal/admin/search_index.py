"""The index of search as an operator sees it: what it holds, how far behind it is, who keeps it, how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext, ngettext
from resources_db.repositories import shown
from resources_db.tenancy import system
from search import follow
from search.analyzer import ANALYZER_VERSION
from search.columns import COLUMNS_VERSION
from search.errors import IndexUnavailableError
from search.turn import Turn

if TYPE_CHECKING:
    from i18n.lazy import LazyText
    from portal.wiring import Runtime
    from search.engine import SearchEngine
    from search.store import Opened, Report

GOOD, LOOK, BAD = "good", "warn", "stop"
MEGABYTE: Final = 1_000_000
RESULTS: Final[dict[str, LazyText]] = {
    "os_enospc": lazy_gettext("the disk is full"),
    "os_edquot": lazy_gettext("the disk is full"),
    "os_erofs": lazy_gettext("the disk cannot be written to"),
    "os_eacces": lazy_gettext("the folder of the index cannot be written to"),
    "another_writer": lazy_gettext("another rebuild was running"),
    "stopped": lazy_gettext("Handrail was stopped meanwhile"),
}


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """`family` is good, warn or stop; `facts` are ready words; `done` of `total` services while it is being built."""

    family: str
    title: str
    words: str
    facts: tuple[tuple[str, str], ...]
    building: bool
    done: int
    total: int


def look(runtime: Runtime) -> SearchIndex:
    """Everything about the index of this machine."""
    engine, now = runtime.search, runtime.clock.now()
    report = engine.store.report()
    with runtime.database.reading(system()) as session:
        in_sql = shown.count(session)
        try:
            opened: Opened | None = engine.take_newest()
        except IndexUnavailableError:
            opened = None
        waiting = len(follow.waiting(session, opened.manifest)) if opened else 0
    asked = engine.store.is_asked
    family, title, words = _state(engine, opened, report, in_sql=in_sql, waiting=waiting, now=now)
    held = _held(engine, opened, in_sql, waiting) if opened else ()
    facts = (*held, *_past(report, now), *_versions(opened))
    # a process that died while it built left its report behind, but not its lock
    building = report.rebuilding and Turn(engine.store.rebuild_lock).is_taken()
    done, total = (report.done, report.total) if building else (0, 0)
    return SearchIndex(family, title, words, tuple(facts), building or asked, done, total)


def _state(
    engine: SearchEngine, opened: Opened | None, report: Report, *, in_sql: int, waiting: int, now: datetime
) -> tuple[str, str, str]:
    if opened is None or follow.hours_are_over(opened.manifest, now):
        words = _("Search answers straight from the database: slower, but true. The index is built anew by itself.")
        return BAD, _("There is no index that can be used"), words
    if not Turn(engine.store.turn).is_taken():
        words = _("Nobody on this machine follows the database. Start handrail run or handrail worker.")
        return LOOK, _("The index grows old"), words
    if report.failures:
        reason = RESULTS.get(report.result, report.result)
        words = _("The last rebuild failed: %(reason)s. The old index answers, and it is tried again.", reason=reason)
        return LOOK, _("The index could not be built anew"), words
    if opened.snapshot.generation != engine.store.current().name:
        return LOOK, _("An older index answers"), _("The newest one cannot be read. It is built anew by itself.")
    if not waiting and opened.snapshot.columns.living != in_sql:
        words = _("Index and database do not hold the same number of listings. The next check mends it.")
        return LOOK, _("The index differs from the database"), words
    return GOOD, _("Search answers from its index"), ""


def _held(engine: SearchEngine, opened: Opened, in_sql: int, waiting: int) -> tuple[tuple[str, str], ...]:
    snapshot = opened.snapshot
    words = _(
        "%(indexed)s; in the database %(listings)s",
        indexed=formatting.number(snapshot.columns.living),
        listings=formatting.number(in_sql),
    )
    behind = ngettext("%(num)s service waits", "%(num)s services wait", waiting) if waiting else _("nothing waits")
    size = formatting.number(round(engine.store.current().size() / MEGABYTE, 1))
    return (
        (_("Listings in the index"), words),
        (
            _("Changes taken in"),
            _("up to number %(number)s, %(behind)s", number=formatting.number(snapshot.applied_seq), behind=behind),
        ),
        (_("Generation"), f"{snapshot.generation}, {size} MB"),
    )


def _past(report: Report, now: datetime) -> tuple[tuple[str, str], ...]:
    facts = []
    if report.rebuilt_at:
        result = _("worked") if report.result == "ok" else str(RESULTS.get(report.result, report.result))
        when = formatting.ago(datetime.fromisoformat(report.rebuilt_at), now)
        took = formatting.number(round(report.seconds, 1))
        words = _("%(when)s: %(result)s, the last good one took %(seconds)s seconds")
        said = words % {"when": when, "result": result, "seconds": took}
        facts.append((_("Last rebuild"), said))
    if report.checked_at:
        when = formatting.ago(datetime.fromisoformat(report.checked_at), now)
        differing = ngettext("%(num)s of the sample differs", "%(num)s of the sample differ", report.differing)
        facts.append((_("Last comparison with the database"), f"{when}: {differing}"))
    return tuple(facts)


def _versions(opened: Opened | None) -> tuple[tuple[str, str], ...]:
    versions = _("analyzer %(analyzer)s, columns %(columns)s", analyzer=ANALYZER_VERSION, columns=COLUMNS_VERSION)
    if opened is None:
        return ((_("Versions"), versions),)
    fast = getattr(opened.snapshot.text, "is_fast", False)
    reader = _("fast, straight from the files") if fast else _("slow: the files are not as we know them")
    return ((_("Versions"), versions), (_("Reader of words"), reader))
