"""How a listing's text becomes index terms. The index pickles class paths of this module: it never moves.

A change of what is produced raises ANALYZER_VERSION, and every index of another version is rebuilt.
"""

import warnings
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

with warnings.catch_warnings():
    # whoosh 2.7.4 has string escapes that newer Pythons warn about when they compile it
    warnings.simplefilter("ignore")
    from whoosh import fields, formats

from search.words import split, stem

ANALYZER_VERSION = 3

NAME_MARK = "="  # "=hope": the word stands in the name of the place or its organization
_SHORT = 200  # characters; names and labels come again, descriptions do not

Part = tuple[float, str, str]  # weight, language, text


class WeighedTerms(fields.FieldType):
    """A field that is given its terms with their weights: a listing is analysed once, by us."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), None)

    def index(self, value: Mapping[str, float], **_options: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        for term, weight in value.items():
            yield term.encode("utf-8"), 1, weight, b""


def weighed(parts: Iterable[Part], names: str) -> dict[str, float]:
    """Stems with the weights of the parts they stand in, added up; a word counts once a part. Names are marked."""
    found: dict[str, float] = {}
    for weight, language, text in parts:
        for term in _terms(text, language):
            found[term] = found.get(term, 0.0) + weight
    for term in _terms(names, "en"):
        found[NAME_MARK + term] = found.get(NAME_MARK + term, 0.0) + 1.0
    return found


def _terms(text: str, language: str) -> tuple[str, ...]:
    return _terms_again(text, language) if len(text) <= _SHORT else _terms_once(text, language)


def _terms_once(text: str, language: str) -> tuple[str, ...]:
    return tuple([stem(word, language) for word in dict.fromkeys(split(text))])


@lru_cache(maxsize=16_384)
def _terms_again(text: str, language: str) -> tuple[str, ...]:
    return _terms_once(text, language)
