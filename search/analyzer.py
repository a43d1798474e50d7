"""How a listing's text becomes index terms. The index pickles this class path: the module never moves.

A change of what is produced raises ANALYZER_VERSION, and every index of another version is rebuilt.
"""

import warnings
from collections.abc import Iterator, Sequence
from typing import cast

with warnings.catch_warnings():
    # whoosh 2.7.4 has string escapes that newer Pythons warn about when they compile it
    warnings.simplefilter("ignore")
    from whoosh.analysis import Analyzer, Token

from search.words import split, stem

ANALYZER_VERSION = 2

NAME_MARK = "="  # "=hope": the word stands in the name of the place or its organization

_FIELD, _WEIGHT = "\x1e", "\x1f"

Part = tuple[float, str, str]  # weight, language, text


def parts_to_text(parts: Sequence[Part], names: str) -> str:
    """One value for the catch-all field; the weights travel inside the text."""
    weighed = [f"{weight}{_WEIGHT}{language}{_WEIGHT}{_clean(text)}" for weight, language, text in parts]
    return _FIELD.join([*weighed, f"1{_WEIGHT}{NAME_MARK}{_WEIGHT}{_clean(names)}"])


class ListingAnalyzer(Analyzer):
    """Folded stems with the weight of the part they stand in; a word counts once a part."""

    def __call__(
        self, value: str, *, positions: bool = False, start_pos: int = 0, **_options: object
    ) -> Iterator[Token]:
        token = Token(positions, chars=False, removestops=True, mode="index")
        place = start_pos
        for weight, word in terms(value):
            token.text = word
            token.boost = weight
            token.stopped = False
            token.pos = place
            place += 1
            yield token


def terms(value: str) -> Iterator[tuple[float, str]]:
    """Weight and term of each word of such a value."""
    for part in value.split(_FIELD):
        weight, language, text = cast("tuple[str, str, str]", tuple(part.split(_WEIGHT, 2)))
        for word in dict.fromkeys(split(text)):
            if language == NAME_MARK:
                yield float(weight), NAME_MARK + stem(word, "en")
            else:
                yield float(weight), stem(word, language)


def _clean(text: str) -> str:
    return text.replace(_FIELD, " ").replace(_WEIGHT, " ")
