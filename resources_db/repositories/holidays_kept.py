"""Reads which holidays listings keep that say nothing of them, and puts that into their rules."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from sqlalchemy.orm import Session

from resources_db import holidays
from resources_db.hours_rules import DAY, HoursRule
from resources_db.models.access import Setting
from resources_db.vocab import ScheduleKind

SETTING: Final = "holidays_kept"


def kept(session: Session) -> tuple[str, ...]:
    """Names of resources_db.holidays, in the order of the year."""
    row = session.get(Setting, SETTING)
    names = row.value.get("names") if row is not None else None
    return holidays.known(str(name) for name in names) if isinstance(names, list) else ()


def closed_on(rules: tuple[HoursRule, ...], names: Iterable[str]) -> tuple[HoursRule, ...]:
    """Rules with a closure for each of these holidays they say nothing of. A door that never closes keeps none."""
    usual = [rule for rule in rules if not rule.special]
    if all((rule.opens, rule.closes) == (0, DAY) for rule in usual):
        return rules
    said = {rule.holiday for rule in rules}
    closed = HoursRule(0, DAY, kind=ScheduleKind.HOLIDAY, closed=True)
    return (*rules, *(replace(closed, holiday=name) for name in names if name not in said))
