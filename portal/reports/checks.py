"""After a screening that found something, and after the way home from a hospital."""

from __future__ import annotations

from typing import TYPE_CHECKING

from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from portal.reports import overview
from portal.reports.sheet import Share, Sheet
from referrals import metrics, metrics_checks

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.reports.asked import Asked
    from referrals.figures import Rate


def sheet(session: Session, asked: Asked) -> Sheet:
    """Five rates: two after screenings, three after discharges."""
    found = metrics_checks.checks(session, asked.period)
    rates = (found.intervention, found.contact, found.home_contact, found.home_referral, found.home_served)
    shares = (
        _share(
            "sns_e_intervention",
            _("Positive screening, referral in 30 days"),
            _(
                "Food, housing or rides: a referral for the same was sent within 30 days of the screening. "
                "This is our view of the quality measure SNS-E, not a certified one."
            ),
            found.intervention,
        ),
        _share(
            "contact_60",
            _("Positive adults, agency contact in 60 days"),
            _("People of 18 and over: an agency tried to reach them within 60 days of the screening."),
            found.contact,
            _unknown(found.age_unknown),
        ),
        _share(
            "home_contact",
            _("Home from hospital, spoken with in 2 business days"),
            _("Somebody spoke with the person, or the person wrote or answered a question."),
            found.home_contact,
        ),
        _share(
            "home_referral",
            _("Home from hospital, referral in 2 business days"),
            _("At least one referral was sent."),
            found.home_referral,
        ),
        _share(
            "home_served",
            _("Home from hospital, served in 14 days"),
            _("An agency said that it gave all or part of the help."),
            found.home_served,
        ),
    )
    return Sheet(
        name="checks",
        title=_("Screening and discharge"),
        lead=_("%(months)s, as known on %(moment)s.", months=asked.words, moment=asked.moment),
        shares=shares,
        notes=(overview.hidden_words(),),
        empty=""
        if any(rate.n + rate.young for rate in rates)
        else _("No positive screening and no way home from hospital in this time."),
    )


def _share(key: str, label: str, meaning: str, rate: Rate, *more: str) -> Share:
    young = ngettext("%(num)s is too new to count.", "%(num)s are too new to count.", rate.young) if rate.young else ""
    return Share(key, label, meaning, metrics.of_rate(rate), more=tuple(one for one in more if one), young=young)


def _unknown(count: int) -> str:
    if not count:
        return ""
    return ngettext("%(num)s person is left out: no birth date.", "%(num)s people are left out: no birth date.", count)
