"""Reading level of a text, offline: Flesch-Kincaid grade for English, INFLESZ ease for Spanish. Pure.

Addresses, phones and clock times are taken out first, because they break the counts of sentences and syllables.
"""

import re

WORD = re.compile(r"[A-Za-zÁÉÍÓÚÜÑáéíóúüñ']+")
VOWELS_ES = frozenset("aeiouáéíóúü")
STRONG_ES = frozenset("aeoáéóíú")
MAX_GRADE_EN = 6.0
MIN_EASE_ES = 65.0
HINT_GRADE_EN = 8.0
HINT_EASE_ES = 55.0
#: One or two words say nothing about a text.
_ENOUGH_WORDS = 5
_SHORT_WORD = 3


def words(text: str) -> list[str]:
    """The words, without URLs, phone numbers and times."""
    return WORD.findall(re.sub(r"https?://\S+|%\(\w+\)[sd]|[\d()./:-]{3,}", " ", text))


def sentences(text: str) -> int:
    """How many sentences, at least one."""
    text = re.sub(r"\b([ap])\.\s?m\.", r"\1m", text)
    text = re.sub(r"\b(St|Dr|Mr|Mrs|Ave|Sr|Sra)\.", r"\1", text)
    return max(1, sum(1 for part in re.split(r"[.!?:\n]+", text) if WORD.search(part)))


def syllables_en(word: str) -> int:
    """Syllables of an English word, by rule."""
    word = re.sub(r"'s$", "", word.lower().strip("'"))
    if len(word) <= _SHORT_WORD:
        return 1
    stem = re.sub(r"(?:[^laeiouy]es|(?<![td])ed|[^laeiouy]e)$", "", word)
    stem = re.sub(r"^y", "", stem)
    heard = len(re.findall(r"[aeiouy]{1,2}", stem))
    heard += len(re.findall(r"(?:ia|io|eo|ua|iu)(?=[^aeiou]|$)", stem))
    heard -= len(re.findall(r"(?:tio|sio|cia|tia|cio|gio|qua|gua)", stem))
    return max(1, heard)


def syllables_es(word: str) -> int:
    """Syllables of a Spanish word, by rule."""
    word = re.sub(r"qu(?=[eiéí])", "q", word.lower())
    word = re.sub(r"gu(?=[eiéí])", "g", word)
    word = re.sub(r"y$", "i", word)
    heard, before = 0, ""
    for letter in word:
        if letter not in VOWELS_ES:
            before = ""
            continue
        glides = before and not (before in STRONG_ES and letter in STRONG_ES)
        heard += not glides
        before = letter
    return max(1, heard)


def grade_en(text: str) -> float:
    """The Flesch-Kincaid grade of an English text."""
    found = words(text)
    many = max(1, len(found))
    return 0.39 * many / sentences(text) + 11.8 * sum(map(syllables_en, found)) / many - 15.59


def ease_es(text: str) -> float:
    """The Szigriszt-Pazos ease of a Spanish text: over 65 quite easy, 40 to 55 rather hard."""
    found = words(text)
    many = max(1, len(found))
    return 206.835 - 62.3 * sum(map(syllables_es, found)) / many - many / sentences(text)


def too_hard(text: str, code: str, *, hint: bool = False) -> bool:
    """Whether a text misses the bound of its language; `hint` asks the milder bound shown to editors."""
    if len(words(text)) < _ENOUGH_WORDS:
        return False
    if code == "en":
        return grade_en(text) > (HINT_GRADE_EN if hint else MAX_GRADE_EN)
    if code == "es":
        return ease_es(text) < (HINT_EASE_ES if hint else MIN_EASE_ES)
    return False
