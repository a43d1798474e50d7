"""Words of danger bring the need along, so that there are doors below the emergency block."""

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
