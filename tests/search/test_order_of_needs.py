"""Which of the needs read comes first: that of a danger, then the thing itself, then what only says why."""

import pytest

from search import needs


@pytest.mark.parametrize(
    ("said", "language", "first"),
    [
        ("i do not want to live anymore, i want to die", "en", "crisis_support"),
        ("ya no quiero vivir", "es", "crisis_support"),
        ("my husband is hitting me", "en", "dv_safety"),
        ("she overdosed", "en", "harm_reduction"),
    ],
)
def test_a_danger_brings_its_need_first(said: str, language: str, first: str) -> None:
    reading = needs.read(said, language)
    assert reading.urgent
    assert reading.needs[0].need == first


def test_a_need_that_was_named_stays_beside_the_danger() -> None:
    read = [item.need for item in needs.read("my husband hits me and i need a divorce lawyer").needs]
    assert {"dv_safety", "legal_aid"} <= set(read)


@pytest.mark.parametrize(
    ("said", "first", "also"),
    [
        ("my hours got cut and i cant pay rent", "rent_help", "job_search"),
        ("i have no insurance and need a dentist", "dental_vision", "health_insurance"),
    ],
)
def test_what_only_says_why_stands_after_the_need(said: str, first: str, also: str) -> None:
    read = [item.need for item in needs.read(said).needs]
    assert read[0] == first
    assert also in read
