"""What people looked for and did not find, by need, ZIP code and language. Counts from 1 to 10 are not shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import url_for

from i18n import formatting
from i18n.catalog import ngettext
from portal import db, exports, htmx, limits, need_words
from portal.auth import current
from portal.auth.guards import needs
from portal.reports import asked, periods, tabs
from portal.reports.blueprint import blueprint
from referrals import figures
from resources_db.repositories import search_tally

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from portal.exports import Cell
    from resources_db.repositories.search_tally import Gap

SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One gap in words."""

    need: str
    zip: str
    language: str
    asked: int
    unanswered: int
    share: str
    href: str


@blueprint.get("/reports/gaps")
@needs("report.read")
def gaps() -> ResponseReturnValue:
    """Where help is missing: what the directory should look for next."""
    days = periods.asked()
    with db.reading() as session:
        found = search_tally.since(session, db.now().date() - timedelta(days=days))
        wish = asked.read(session)
    shown = [gap for gap in found if is_shown(gap)]
    return htmx.render(
        "reports/gaps.html",
        lines=[_line(gap) for gap in shown[:SHOWN]],
        more=max(len(shown) - SHOWN, 0),
        hidden=_hidden(found),
        asked=formatting.number(sum(gap.count.asked for gap in found)),
        any_asked=bool(found),
        periods=periods.choices("reports.gaps"),
        file_url=url_for("reports.gaps_file", days=days),
        tabs=tabs.tabs("gaps", wish),
    )


@blueprint.get("/reports/gaps.csv")
@needs("report.read")
def gaps_file() -> ResponseReturnValue:
    """The same as a file."""
    person = current.member()
    assert person is not None
    limits.count(limits.EXPORT, str(person.org_id))
    days, now = periods.asked(), db.now()
    with db.transaction() as session:
        found = search_tally.since(session, now.date() - timedelta(days=days))
        rows: list[list[Cell]] = [
            [gap.need, gap.zip, gap.language, gap.count.asked, gap.count.unanswered] for gap in found if is_shown(gap)
        ]
        header = ["need", "zip", "language", "asked", "without_answer"]
        return exports.download(session, "search-gaps", header, rows, what={"days": days}, now=now)


def is_shown(gap: Gap) -> bool:
    """Asked and unanswered often enough that nobody can be recognised; without a gap it is no line of this report.

    The answered rest is no person's secret, so a small rest does not hide the line.
    """
    return gap.count.unanswered >= figures.SMALL


def _hidden(found: Sequence[Gap]) -> str:
    count = sum(figures.is_small(gap.count.unanswered) for gap in found)
    if not count:
        return ""
    return ngettext(
        "%(num)s line is not shown: fewer than 11 questions stayed without an answer.",
        "%(num)s lines are not shown: fewer than 11 questions each stayed without an answer.",
        count,
    )


def _line(gap: Gap) -> Line:
    return Line(
        need=need_words.need(gap.need),
        zip=gap.zip,
        language=formatting.language_name(gap.language),
        asked=gap.count.asked,
        unanswered=gap.count.unanswered,
        share=formatting.percent(gap.count.unanswered / gap.count.asked),
        href=url_for("directory.search", need=gap.need, near=gap.zip or None, language=gap.language),
    )
