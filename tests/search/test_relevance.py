"""How often search finds what people meant: floors for each half of the set in bench/relevance, as CI holds them.

A failing floor names no question: `python -m bench relevance --failures` shows those of the tuning half.
"""

import pytest

from bench.relevance import judging, report
from bench.relevance.directory import truths
from bench.relevance.questions import Half, load
from resources_db.needs import NEEDS

FIRST_HIT_RIGHT = {"en": 90, "es": 88} | dict.fromkeys(("zh", "vi", "ar", "ht", "ru", "ko", "fil", "fr", "pt"), 70)
NEAR_MISSES, NO_HIT = 5, 2

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def verdicts():
    """The directory is imported and indexed once for all floors."""
    return report.run()


@pytest.mark.parametrize("half", Half)
@pytest.mark.parametrize(("group", "floor"), FIRST_HIT_RIGHT.items())
def test_the_first_hit_is_what_was_meant(verdicts, half, group, floor):
    asked = [one for one in verdicts[half] if one.question.group == group]
    assert judging.share(asked, report.COLUMNS["first hit"]) >= floor


@pytest.mark.parametrize("half", Half)
def test_listings_that_only_hold_the_words_stay_below_the_top_three(verdicts, half):
    assert judging.share(verdicts[half], report.COLUMNS["near-miss"]) <= NEAR_MISSES


@pytest.mark.parametrize("half", Half)
def test_no_page_is_empty(verdicts, half):
    assert judging.share(verdicts[half], report.COLUMNS["empty"]) == 0
    assert judging.share(verdicts[half], report.COLUMNS["no hit"]) <= NO_HIT


def test_every_need_has_three_listings_and_a_question_in_each_half():
    honest = [truth for truth in truths() if not truth.planted]
    assert [need for need in NEEDS if sum(need in truth.needs for truth in honest) < 3] == []
    for half in Half:
        asked = {need for question in load(half) for need in question.expects}
        assert set(NEEDS) - asked == set()


def test_the_halves_share_no_question_and_expect_what_exists():
    tuning, held_out = ({(one.lang, one.text.casefold()) for one in load(half)} for half in Half)
    assert not tuning & held_out
    listed = {f"@{truth.id}" for truth in truths()}
    for question in (*load(Half.TUNING), *load(Half.HELD_OUT)):
        assert question.expects <= listed | set(NEEDS), question.id
        assert question.needs | question.never <= set(NEEDS), question.id
