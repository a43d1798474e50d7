"""Counts of unanswered searches: they add up, over days and processes, and old ones go."""

from datetime import date

from resources_db.repositories import search_tally
from resources_db.repositories.search_tally import Cell, Count, Gap

DAY = date(2026, 11, 20)


def cell(day=DAY, need="detox", zip_code="45202", language="es"):
    return Cell(day, need, zip_code, language)


def test_counts_of_a_day_add_up(session):
    search_tally.add(session, {cell(): Count(3, 1)})
    search_tally.add(session, {cell(): Count(2, 2), cell(language="en"): Count(1, 0)})
    assert search_tally.since(session, DAY) == [
        Gap("detox", "45202", "es", Count(5, 3)),
        Gap("detox", "45202", "en", Count(1, 0)),
    ]


def test_days_before_the_period_do_not_count(session):
    search_tally.add(session, {cell(date(2026, 11, 19)): Count(9, 9), cell(): Count(1, 1)})
    assert search_tally.since(session, DAY) == [Gap("detox", "45202", "es", Count(1, 1))]


def test_old_counts_are_forgotten(session):
    search_tally.add(session, {cell(date(2024, 1, 1)): Count(9, 9), cell(): Count(1, 1)})
    search_tally.forget_before(session, DAY)
    assert search_tally.since(session, date(2020, 1, 1)) == [Gap("detox", "45202", "es", Count(1, 1))]
