"""Clumsy and hostile questions: read without error, answered kindly, and only so far."""

import pytest

from search.needs import read
from tests.search.kit import ask, indexed, names, plain, row

ROWS = [
    row(1, "Corner Cupboard", "food_pantry"),
    row(2, "Heat Share", "energy_bill"),
    row(3, "Food Handler Certification Class", "adult_education"),
    row(4, "Bed Bug Treatment", "tenant_legal"),
    row(5, "Night Beds", "emergency_shelter"),
    row(6, "Rideshare Driver Jobs", "job_search"),
    row(7, "Wheels To The Doctor", "medical_ride"),
    row(8, "Twin Beds For Kids", "furniture_household"),
]
HOSTILE = [
    "เ",
    "ฉันหิว",
    "x" * 10_000,
    "food " * 2_000,
    "食" * 10_000,
    "<script>alert(1)</script>",
    "\ud800",
    "food \udfff pantry",
    "food\x00pantry",
    "\x00",
    "the of and to",
    "de la el y",
    "的了吗",
    "🍎🍞🥫",
    "🍎" * 500,
    "'; DROP TABLE service; --",
    "((((((((((",
    '=hope ~food* "food',
    "\u202efood\u202c",
    "а" * 5_000,
    "ا" * 5_000,
    "-" * 5_000,
    "1" * 5_000,
    "\n\t\r",
]


@pytest.mark.bad_input(78, 83, 86)
@pytest.mark.parametrize("page", ["en", "zh", "ar", "xx", ""])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_are_read_without_error_and_only_so_far(hostile, page):
    reading = read(hostile, page)
    assert len(reading.words) <= 60
    assert all(0 < item.confidence <= 1 for item in reading.needs)


@pytest.mark.bad_input(78, 83, 86)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_are_answered_without_error(hostile):
    answer = ask(plain(ROWS), hostile)
    assert answer.total == len(answer.hits)


def test_hostile_words_are_answered_by_the_index_too(tmp_path):
    found = indexed(ROWS, tmp_path / "index")
    for hostile in HOSTILE:
        assert ask(found, hostile).total >= 0


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("need a bed tonight", "Night Beds"),
        ("bed for my kids", "Twin Beds For Kids"),
        ("bed bugs in my apartment", "Bed Bug Treatment"),
        ("food", "Corner Cupboard"),
        ("ride to the doctor", "Wheels To The Doctor"),
        ("rideshare driver jobs", "Rideshare Driver Jobs"),
        ("food handler certification", "Food Handler Certification Class"),
        ("no tengo para la luz", "Heat Share"),
    ],
)
def test_what_the_words_mean_stands_before_what_a_name_says(said, first):
    assert names(ROWS, ask(plain(ROWS), said))[0] == first
