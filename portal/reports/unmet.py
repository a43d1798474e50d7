"""Unmet needs: the map, the places, and the places with kind of need and language; what was searched in vain beside."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from i18n.catalog import gettext as _
from portal.reports import overview, words, zip_map
from portal.reports.sheet import Line, Share, Sheet, Table
from referrals import figures, metrics_unmet
from referrals.counting import Measure
from referrals.figures import Rate
from referrals.periods import By
from resources_db.needs import NEEDS
from resources_db.repositories import search_tally

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.reports.asked import Asked
    from referrals.metrics_unmet import Unmet

SHOWN = 60


def sheet(session: Session, asked: Asked) -> Sheet:
    """Where help is missing, and for whom."""
    found = metrics_unmet.unmet(session, asked.period)
    label, meaning = str(words.LABELS[Measure.UNMET]), str(words.MEANINGS[Measure.UNMET])
    young = overview.young_words(found.whole.young, needs=True)
    return Sheet(
        name="unmet",
        title=_("Unmet needs"),
        lead=_("Needs found %(months)s, as known on %(moment)s.", months=asked.words, moment=asked.moment),
        shares=(Share("unmet", label, meaning, found.whole, young=young),),
        tables=(_places(found, meaning), _together(session, asked, found, meaning)),
        notes=(overview.hidden_words(),),
        empty=_("No need was found in this time.") if not (found.by_zip.rows or found.by_zip.others) else "",
    )


def _places(found: Unmet, meaning: str) -> Table:
    shown = found.by_zip
    lines = [Line(key, zip_map.words(key), rate=Rate(row[0], sum(row))) for key, row in shown.rows.items()]
    return Table(
        key="unmet_by_zip",
        title=_("By ZIP code"),
        meaning=meaning,
        head=str(words.BY[By.ZIP]),
        lines=tuple(sorted(lines, key=_largest_first)),
        others=tuple(zip_map.words(key) for key in shown.others),
        together=_others(shown.together),
        whole=found.whole,
        map=zip_map.draw(shown.rows),
    )


def _together(session: Session, asked: Asked, found: Unmet, meaning: str) -> Table:
    searched = _searches(session, asked)
    lines = [
        Line(
            "|".join(key),
            _(
                "%(place)s, %(kind)s, %(language)s",
                place=zip_map.words(key[0]),
                kind=words.group(By.DOMAIN, key[1], {}),
                language=words.group(By.LANGUAGE, key[2], {}),
            ),
            rate=Rate(row[0], sum(row)),
            more=searched.get(key, "–"),
        )
        for key, row in found.by_all.rows.items()
    ]
    return Table(
        key="unmet_by_zip_kind_language",
        title=_("By ZIP code, kind of need and language"),
        meaning=f"{meaning} {_('Beside it: searches for the same that found no place with room.')}",
        head=_("Group"),
        lines=tuple(sorted(lines, key=_largest_first)[:SHOWN]),
        together=_others(found.by_all.together),
        more=_("Searches in vain"),
    )


def _searches(session: Session, asked: Asked) -> dict[tuple[str, str, str], str]:
    """Searches without an answer by ZIP, kind and language; fewer than eleven are not told."""
    period = asked.period
    counts: dict[tuple[str, str, str], int] = {}
    first, last = period.since.date(), min(period.until, period.as_of).date()
    for gap in search_tally.between(session, first, last + timedelta(days=1)):
        known = NEEDS.get(gap.need)
        key = (gap.zip, known.domain if known else gap.need, gap.language)
        counts[key] = counts.get(key, 0) + gap.count.unanswered
    return {key: "<11" if figures.is_small(count) else str(count) for key, count in counts.items() if count}


def _others(row: tuple[int, ...] | None) -> Line | None:
    return None if row is None else Line("others", overview.together_words(), rate=Rate(row[0], sum(row)))


def _largest_first(line: Line) -> tuple[int, str]:
    assert line.rate is not None
    return -line.rate.numerator, line.name
