"""How long it took: answer, contact, end; how many tries and days until a need was met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from portal.reports import overview
from portal.reports.sheet import Sheet, Value
from referrals import figures, metrics_times
from referrals.counting import SECONDS_A_DAY

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.reports.asked import Asked
    from referrals.metrics_times import Middle
    from referrals.survival import Spread

_WORDS = {
    "answer": (lazy("Days to the first answer"), lazy("From sending until the agency said anything. Opening is none.")),
    "any_contact": (
        lazy("Days to the first try to reach the person"),
        lazy("From sending until the agency tried, whether it reached the person or not."),
    ),
    "contact": (
        lazy("Days until the agency reached the person"),
        lazy("From sending until a date was set, papers were asked for, or help began."),
    ),
    "close": (lazy("Days until the end is known"), lazy("From sending until helped, not helped, or not wanted.")),
}


def sheet(session: Session, asked: Asked) -> Sheet:
    """Half and nine of ten; open referrals are in the number for as long as they have waited."""
    found = metrics_times.times(session, asked.period)
    some = any(spread.n for spread in found.spreads.values()) or found.days.n
    return Sheet(
        name="times",
        title=_("How long it took"),
        lead=_("Referrals sent %(months)s, as known on %(moment)s.", months=asked.words, moment=asked.moment),
        values=(
            *(_spread(name, spread) for name, spread in found.spreads.items()),
            _middle("tries", _("Referrals for each need that was met"), found.tries),
            _middle("days_to_met", _("Days from finding a need until it was met"), found.days),
        )
        if some
        else (),
        notes=(_("Open referrals count for as long as they have waited (Kaplan-Meier)."), overview.hidden_words()),
        empty="" if some else _("No referral was sent in this time."),
    )


def _spread(name: str, spread: Spread) -> Value:
    label, meaning = _WORDS[name]
    counted = _("It happened for %(some)s of %(all)s.", some=_few(spread.happened), all=_few(spread.n))
    parts = (("median", _("Half within"), spread.median), ("p90", _("Nine of ten within"), spread.p90))
    return Value(
        key=f"days_to_{name}",
        label=str(label),
        meaning=f"{meaning} {counted}",
        parts=tuple((code, word, *_days(seconds, hidden=spread.is_hidden)) for code, word, seconds in parts),
    )


def _days(seconds: float | None, *, hidden: bool) -> tuple[float | None, str]:
    if hidden:
        return None, _("Hidden")
    if seconds is None:
        return None, _("Not yet")
    days = round(seconds / SECONDS_A_DAY, 1)
    return days, formatting.number(days)


def _middle(name: str, label: str, middle: Middle) -> Value:
    hidden = figures.is_small(middle.n)
    found = (("median", _("In the middle"), middle.median), ("mean", _("On average"), middle.mean))
    return Value(
        key=name,
        label=label,
        meaning=_("Of needs that were met. There are %(all)s of them.", all=_few(middle.n)),
        parts=tuple((code, word, *_number(number, hidden=hidden)) for code, word, number in found),
    )


def _number(number: float | None, *, hidden: bool) -> tuple[float | None, str]:
    if hidden:
        return None, _("Hidden")
    return (None, "–") if number is None else (round(number, 1), formatting.number(round(number, 1)))


def _few(count: int) -> str:
    return _("fewer than 11") if figures.is_small(count) else formatting.number(count)
