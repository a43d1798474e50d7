"""Did people get help? The figures a director puts on a slide, each beside the months before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from portal.reports import words
from portal.reports.sheet import Line, Share, Sheet, Table
from referrals import metrics, metrics_names
from referrals.counting import Measure
from referrals.periods import By

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.reports.asked import Asked
    from referrals.metrics import Figure, Report

M = Measure
_LEAD = (M.ANSWERED_7, M.CLOSED_30, M.SERVED, M.MET_30, M.AGREEMENT)
_MORE = (M.ANSWERED_14, M.ANSWERED_30, M.CLOSED_60, M.CLOSED_90, M.FIRST_TRY, M.NO_ROOM, M.MET_90, M.UNMET)
_OF_NEEDS = frozenset({M.MET_30, M.MET_90, M.UNMET})


def sheet(session: Session, asked: Asked) -> Sheet:
    """The figures of the months, and what became of each kind of need."""
    now = metrics.report(session, asked.period, asked.only)
    before = metrics.report(session, asked.before, asked.only)
    return Sheet(
        name="overview",
        title=_("Did people get help?"),
        lead=_lead(session, asked),
        shares=tuple(share(one, now, before) for one in _LEAD),
        more=tuple(share(one, now, before) for one in _MORE),
        tables=(became(now),),
        notes=(hidden_words(),),
        empty="" if now.sent else _("No referral was sent in this time."),
        offers_only=True,
    )


def share(measure: Measure, now: Report, before: Report) -> Share:
    """One figure with its meaning, what was too new for it, and the months before."""
    found, earlier = now.figures[measure], before.figures[measure]
    return Share(
        key=measure.value,
        label=str(words.LABELS[measure]),
        meaning=str(words.MEANINGS[measure]),
        figure=found,
        before=None if earlier.is_empty else earlier,
        more=_parts(now, measure),
        young=young_words(found.young, needs=measure in _OF_NEEDS),
        parts=tuple(zip(("met", "not_met", "not_known"), now.need_parts.get(measure) or (), strict=False)),
    )


def became(report: Report) -> Table:
    """Helped, under way, not helped: by kind of need, with those too small to stand alone together."""
    shown = report.became
    lines = sorted(shown.rows.items(), key=lambda row: -sum(row[1]))
    return Table(
        key="became",
        title=_("What became of the referrals"),
        meaning=_("Helped: the agency said so. Under way: no end yet. Not helped: no, no answer, or stopped."),
        head=str(words.BY[By.DOMAIN]),
        columns=(("helped", _("Helped")), ("under_way", _("Under way")), ("not_helped", _("Not helped"))),
        lines=tuple(Line(key, words.group(By.DOMAIN, key, {}), counts=parts) for key, parts in lines),
        others=tuple(words.group(By.DOMAIN, key, {}) for key in shown.others),
        together=None if shown.together is None else Line("others", together_words(), counts=shown.together),
        drawn="stacked",
    )


def together_words() -> str:
    """The row of groups too small to stand alone."""
    return _("All others together")


def hidden_words() -> str:
    """Why some counts are not there."""
    return _("Counts from 1 to 10 are hidden so that no one can be found.")


def young_words(count: int, *, needs: bool = False) -> str:
    """How many were left out because they are too new."""
    if not count:
        return ""
    if needs:
        return ngettext("%(num)s need is too new to count.", "%(num)s needs are too new to count.", count)
    return ngettext("%(num)s referral is too new to count.", "%(num)s referrals are too new to count.", count)


def _parts(report: Report, measure: Measure) -> tuple[str, ...]:
    parts = report.need_parts.get(measure)
    if parts is None or not sum(parts):
        return ()
    met, unmet, unknown = (formatting.number(part) for part in parts)
    return (_("%(met)s met, %(unmet)s not met, %(unknown)s not known.", met=met, unmet=unmet, unknown=unknown),)


def _lead(session: Session, asked: Asked) -> str:
    if asked.only is None:
        return _("Referrals sent %(months)s, as known on %(moment)s.", months=asked.words, moment=asked.moment)
    name = words.group(asked.only.by, asked.only.key, metrics_names.names(session, asked.only.by))
    return _(
        "Only %(group)s. Referrals sent %(months)s, as known on %(moment)s.",
        group=name,
        months=asked.words,
        moment=asked.moment,
    )


def is_shown(figure: Figure) -> bool:
    """Whether the rate may be printed and there is one."""
    return figure.rate is not None and figure.rate.n > 0
