"""Is help as good in every language? Each rate beside that of all, and the texts that arrived and were answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import gettext as _
from portal.reports import overview, words
from portal.reports.sheet import Line, Sheet, Table
from referrals import metrics_languages
from referrals.figures import Rate
from referrals.periods import By

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.reports.asked import Asked
    from referrals.cells import Shown
    from referrals.metrics_languages import Compared, Equity


def sheet(session: Session, asked: Asked) -> Sheet:
    """Four rates and two of texts, by the language a person prefers."""
    found = metrics_languages.languages(session, asked.period)
    some = any(one.lines or one.cells.others for one in found.rates)
    return Sheet(
        name="languages",
        title=_("Is help as good in every language?"),
        lead=_("%(months)s, as known on %(moment)s.", months=asked.words, moment=asked.moment),
        tables=(
            *(_rate(one) for one in found.rates),
            _texts(
                "delivered",
                _("Texts that arrived"),
                _("Of texts that left, by the language of the text."),
                found.delivered,
            ),
            _texts(
                "answered",
                _("Questions by text that were answered"),
                _("Of questions asked by text, by the language of the person."),
                found.answered,
            ),
        ),
        notes=(_flag_words(), overview.hidden_words()),
        empty="" if some else _("No referral was sent in this time."),
    )


def _rate(one: Equity) -> Table:
    together = one.cells.together
    return Table(
        key=f"{one.measure.value}_by_language",
        title=str(words.LABELS[one.measure]),
        meaning=str(words.MEANINGS[one.measure]),
        head=str(words.BY[By.LANGUAGE]),
        lines=tuple(
            Line(line.language, words.group(By.LANGUAGE, line.language, {}), rate=line.rate, more=_ratio(line))
            for line in one.lines
        ),
        others=tuple(words.group(By.LANGUAGE, key, {}) for key in one.cells.others),
        together=None
        if together is None
        else Line("others", overview.together_words(), rate=Rate(together[0], sum(together))),
        whole=one.whole,
        more=_("Beside all"),
    )


def _ratio(line: Compared) -> str:
    if line.ratio is None:
        return "–"
    ratio = formatting.number(round(line.ratio, 2))
    if line.flag == "worse":
        return _("%(ratio)s, clearly worse", ratio=ratio)
    if line.flag == "better":
        return _("%(ratio)s, clearly better", ratio=ratio)
    return ratio


def _texts(key: str, title: str, meaning: str, shown: Shown[str]) -> Table:
    lines = [
        Line(one, words.group(By.LANGUAGE, one, {}), rate=Rate(row[0], sum(row))) for one, row in shown.rows.items()
    ]
    together = shown.together
    return Table(
        key=f"texts_{key}",
        title=title,
        meaning=meaning,
        head=str(words.BY[By.LANGUAGE]),
        lines=tuple(lines),
        others=tuple(words.group(By.LANGUAGE, one, {}) for one in shown.others),
        together=None
        if together is None
        else Line("others", overview.together_words(), rate=Rate(together[0], sum(together))),
    )


def _flag_words() -> str:
    return _(
        "Beside all: the rate divided by the rate of everybody. It is called clearly worse or better only when "
        "its 95%% interval leaves out 1 and there are 30 or more."
    )
