"""One figure by one thing: need, agency, language, ZIP code, care team or month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import request

from i18n.catalog import gettext as _
from portal.reports import overview, words, zip_map
from portal.reports.sheet import Line, Sheet, Table
from referrals import metrics, metrics_names
from referrals.counting import OF_NEEDS, Measure
from referrals.figures import Rate
from referrals.periods import By

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from portal.reports.asked import Asked
    from referrals.metrics import Breakdown

OFFERED: Final = (By.DOMAIN, By.NEED, By.AGENCY, By.LANGUAGE, By.ZIP, By.TEAM, By.MONTH)
OF_NEEDS_ONLY: Final = frozenset({By.AGENCY})
"""What a need has none of: it is a person's, not an agency's."""


def asked_for() -> tuple[Measure, By]:
    """The figure and the thing of this request's address; agencies answer nothing about needs."""
    named, thing = request.args.get("measure", ""), request.args.get("by", "")
    measure = Measure(named) if named in set(Measure) else Measure.ANSWERED_7
    by = By(thing) if thing in OFFERED else By.DOMAIN
    return measure, By.DOMAIN if measure in OF_NEEDS and by in OF_NEEDS_ONLY else by


def sheet(session: Session, asked: Asked) -> Sheet:
    """The figure for every group that may be shown."""
    measure, by = asked_for()
    found = metrics.breakdown(session, asked.period, measure, by)
    table = _table(found, metrics_names.names(session, by))
    return Sheet(
        name="groups",
        title=str(words.LABELS[measure]),
        lead=_("%(months)s, as known on %(moment)s.", months=asked.words, moment=asked.moment),
        tables=(table,),
        notes=(overview.hidden_words(), overview.young_words(found.whole.young, needs=measure in OF_NEEDS)),
        empty="" if table.lines or table.others else _("Nothing to count in this time."),
    )


def _table(found: Breakdown, names: Mapping[str, str]) -> Table:
    lines = [
        Line(key, name_of(found.by, key, names), rate=Rate(parts[0], sum(parts)))
        for key, parts in found.cells.rows.items()
    ]
    in_order = sorted(lines, key=lambda line: line.key) if found.by is By.MONTH else sorted(lines, key=_smallest_last)
    together = found.cells.together
    return Table(
        key=f"{found.measure.value}_by_{found.by.value}",
        title=str(words.BY[found.by]),
        meaning=str(words.MEANINGS[found.measure]),
        head=str(words.BY[found.by]),
        lines=tuple(in_order),
        others=tuple(name_of(found.by, key, names) for key in found.cells.others),
        together=None
        if together is None
        else Line("others", overview.together_words(), rate=Rate(together[0], sum(together))),
        whole=found.whole,
        drawn="line" if found.by is By.MONTH and len(lines) > 1 else "",
        map=zip_map.draw(found.cells.rows) if found.by is By.ZIP else None,
    )


def name_of(by: By, key: str, names: Mapping[str, str]) -> str:
    """What a group is called."""
    return zip_map.words(key) if by is By.ZIP else words.group(by, key, names)


def _smallest_last(line: Line) -> tuple[int, str]:
    assert line.rate is not None
    return -line.rate.n, line.name
