"""The languages a question is written in: script first, then which word lists know its words.

The page's language is only a hint: people type their own language on an English page, often without accents.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search.lexicon import LANGUAGES, accented_words, known_words, needs_phrases, root
from search.words import accented

LATIN = ("en", "es", "vi", "ht", "fil", "fr", "pt")
_SCRIPTS = (
    (re.compile("[\uac00-\ud7af]"), "ko"),
    (re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"), "zh"),
    (re.compile("[\u0600-\u06ff]"), "ar"),
    (re.compile("[\u0400-\u04ff]"), "ru"),
)
# Letters that few of our languages write.
_TELLING_LETTERS = (
    (re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]"), "vi"),
    (re.compile("[ñ¿¡]"), "es"),
    (re.compile("[ãõ]"), "pt"),
    (re.compile("[êëîïûœ]"), "fr"),
    (re.compile("[èò]"), "ht"),
)
_PAGE, _ENGLISH, _SPANISH = 0.6, 0.3, 0.2  # how much we expect a language before a word is seen
_LETTER = 0.4
_KNOWS_ALL = 0.6  # for the language that knows every word, and its share for the others
MIXED_IN = "en"


@dataclass(frozen=True, slots=True)
class Tongues:
    """`main` is the language of each unit; `order` the languages worth reading, likeliest first."""

    main: tuple[str, ...]
    order: tuple[str, ...]
    foreign: tuple[bool, ...]  # units their main language does not know

    def may_read(self, language: str, positions: Sequence[int], telling: int = 1) -> bool:
        """A word the sentence's own language knows is never read as a word of another.

        Whole English phrases are mixed into every language: "no puedo con el light bill".
        """
        if any(self.main[i] == language or self.foreign[i] for i in positions):
            return True
        return language == MIXED_IN and telling > 1 and len(positions) > 1


def of(units: Sequence[str], text: str, page: str) -> Tongues:
    """Tongues of a question's folded units; `text` is the question as typed."""
    scripts = [_script(unit) for unit in units]
    latin = _latin(units, scripts, text, page)
    main = tuple(script or latin[0] for script in scripts)
    foreign = tuple(not _knows(language, unit) for language, unit in zip(main, units, strict=True))
    unknown = {unit for unit, strange, script in zip(units, foreign, scripts, strict=True) if strange and not script}
    others = [language for language in latin[1:] if not unknown.isdisjoint(known_words(language))]
    others += [language for language in latin[1:] if any(root(unit, language) in _roots(language) for unit in unknown)]
    others += [MIXED_IN] if not all(scripts) else []
    return Tongues(main, tuple(dict.fromkeys((*main, *others))) or (latin[0],), foreign)


def _roots(language: str) -> frozenset[str]:
    return needs_phrases(language).stems if language in ("en", "es") else frozenset()


def _script(unit: str) -> str:
    """The language a script stands for; empty for Latin letters, digits and what we do not read."""
    if unit.isascii():
        return ""
    return next((language for pattern, language in _SCRIPTS if pattern.search(unit)), "")


def _latin(units: Sequence[str], scripts: Iterable[str], text: str, page: str) -> tuple[str, ...]:
    """The languages in Latin letters, likeliest first."""
    scores = dict.fromkeys(LATIN, 0.0)
    words = [unit for unit, script in zip(units, scripts, strict=True) if not script and unit.isalpha()]
    for word in words:
        knowing = [language for language in LATIN if word in known_words(language)]
        _share(scores, knowing, 1.0)
        for language in knowing:
            scores[language] += _KNOWS_ALL / len(words)
    for word in accented(text):
        _share(scores, [language for language in LATIN if word in accented_words(language)], 1.0)
        _share(scores, [language for pattern, language in _TELLING_LETTERS if pattern.search(word)], _LETTER)
    hints = {"en": _ENGLISH, "es": _SPANISH}
    hints[page] = _PAGE
    return tuple(sorted(LATIN, key=lambda language: -(scores[language] + hints.get(language, 0.0))))


def _share(scores: dict[str, float], languages: Sequence[str], points: float) -> None:
    """A word that many languages know tells little of any."""
    for language in languages:
        scores[language] += points / len(languages)


def _knows(language: str, unit: str) -> bool:
    if unit in known_words(language):
        return True
    return root(unit, language) in needs_phrases(language).stems


def is_cjk(text: str) -> bool:
    return any(pattern.search(text) for pattern, _language in _SCRIPTS[:2])


def page_language(language: str) -> str:
    return language if language in LANGUAGES else "en"
