"""Posting lists read straight from the files: the same as by whoosh's own way, and never trusted when they are not."""

import random
from collections import defaultdict
from dataclasses import replace

import pytest

from search import fast_postings, index
from search.errors import IndexUnavailableError
from search.index import TextIndex
from tests.search.kit import NOW, ask, indexed, names, plain, row

WORDS = "hope bread river clinic ride pantry shelter comida niños грелка 食物 warm open free".split()


def made_up(count, seed, first=1):
    chance = random.Random(seed)
    return [
        row(
            number,
            " ".join(chance.choices(WORDS, k=2)),
            *chance.sample(["food_pantry", "rent_help", "medical_ride"], chance.randint(0, 2)),
            description=" ".join(chance.choices(WORDS, k=chance.randint(0, 9))),
        )
        for number in range(first, first + count)
    ]


def written(directory, rows):
    index.create(directory)
    index.write(directory, enumerate(rows))
    return TextIndex(directory)


def every_term(rows):
    held = defaultdict(dict)
    for slot, item in enumerate(rows):
        for term, weight in index.terms_of(item).items():
            held[term][slot] = pytest.approx(weight)
    return held


def as_read(text, term):
    found = text.postings(term)
    return dict(zip(found.slots.tolist(), found.weights.tolist(), strict=True))


@pytest.mark.parametrize("seed", range(6))
def test_every_posting_list_holds_what_was_written(tmp_path, seed):
    rows = made_up(random.Random(seed).choice([1, 2, 60, 300]), seed)
    text = written(tmp_path / "words", rows)
    assert text.is_fast
    assert {term: as_read(text, term) for term in every_term(rows)} == every_term(rows)


@pytest.mark.parametrize("seed", range(3))
def test_the_public_way_reads_the_same(tmp_path, seed, monkeypatch):
    rows = made_up(120, seed)
    fast = written(tmp_path / "words", rows)
    read_fast = {term: as_read(fast, term) for term in every_term(rows)}
    monkeypatch.setattr(index, "_kept", index._Kept(1))
    monkeypatch.setattr(fast_postings, "is_right", lambda *_: False)
    slow = TextIndex(tmp_path / "words")
    assert not slow.is_fast
    assert {term: as_read(slow, term) for term in every_term(rows)} == read_fast


def test_a_list_of_many_blocks_is_read_whole(tmp_path):
    rows = [row(number, "Hope Pantry") for number in range(1, 9_001)]
    found = written(tmp_path / "words", rows).postings("hope")
    assert found.slots.tolist() == list(range(9_000))
    assert set(found.weights.tolist()) == {4.5}


def test_changes_leave_the_living_listings_right(tmp_path):
    """Many small commits, so that segments are merged and documents renumbered."""
    rows = made_up(40, 1)
    index.create(tmp_path / "words")
    index.write(tmp_path / "words", enumerate(rows))
    alive = dict(enumerate(rows))
    for turn in range(12):
        gone = turn * 3
        again = replace(rows[gone], name=f"Mended {WORDS[turn]}")
        index.write(tmp_path / "words", [(40 + turn, again)], gone=[rows[gone].service_id])
        del alive[gone]
        alive[40 + turn] = again
    text = TextIndex(tmp_path / "words")
    assert text.documents == 40
    for slot, item in alive.items():
        for term, weight in index.terms_of(item).items():
            assert as_read(text, term)[slot] == pytest.approx(weight), term


def test_what_is_decoded_stays_within_its_room():
    kept = index._Kept(2_000)
    lists = [written_size(number) for number in range(5)]
    for number, held in enumerate(lists):
        kept.keep(("segment", str(number)), held)
    assert kept.find(("segment", "0")) is None
    assert kept.find(("segment", "4")) is lists[4]


def test_words_that_no_listing_has_do_not_pile_up():
    kept = index._Kept(2_000)
    for number in range(100):
        kept.keep(("segment", str(number)), index.NO_POSTINGS)
    assert kept.find(("segment", "0")) is None
    assert kept.find(("segment", "99")) is index.NO_POSTINGS


def written_size(number):
    import numpy as np

    return index.Postings(np.arange(50, dtype=np.int32), np.full(50, number, np.float32))


def test_a_reader_that_gets_the_numbers_wrong_is_found_out(tmp_path, monkeypatch):
    rows = made_up(80, 4)
    written(tmp_path / "words", rows)
    honest = fast_postings._blocks
    monkeypatch.setattr(
        fast_postings, "_blocks", lambda data: [(numbers + 1, weights) for numbers, weights in honest(data)]
    )
    monkeypatch.setattr(index, "_kept", index._Kept(1))
    text = TextIndex(tmp_path / "words")
    assert not text.is_fast
    assert as_read(text, "hope") == every_term(rows)["hope"]


def test_an_answer_is_the_same_both_ways(tmp_path, monkeypatch):
    rows = made_up(150, 5)
    fast = names(rows, ask(indexed(rows, tmp_path / "one"), "hope clinic", NOW))
    monkeypatch.setattr(fast_postings, "is_right", lambda *_: False)
    assert names(rows, ask(indexed(rows, tmp_path / "two"), "hope clinic", NOW)) == fast
    assert names(rows, ask(plain(rows), "hope clinic", NOW)) == fast


def test_a_spoilt_posting_file_is_told_and_not_guessed_around(tmp_path, monkeypatch):
    rows = made_up(300, 6)
    written(tmp_path / "words", rows)
    [postings] = (tmp_path / "words").glob("*.pst")
    postings.write_bytes(b"\x00" * postings.stat().st_size)
    monkeypatch.setattr(index, "_kept", index._Kept(1))
    with pytest.raises(IndexUnavailableError):
        TextIndex(tmp_path / "words").postings("hope")
