"""A light stem for folded Arabic words: the article, joined small words and endings go; roots are not sought.

The snowball stemmer gives the same word different stems with and without its article, and cuts roots ("my car").
"""

import re

# "and the", "in the", "for the", "to the", "this", "the"; a father or mother ("walid") is not "and the".
_ARTICLE = re.compile(r"(?:(?:[وبفكعه]|ول)ال(?!د[تيهنك]|د$)(?=...)|لل(?=...)|ال(?=..))")
_JOINED = {"و": 3, "ل": 4, "ب": 4}  # "and", "for", "in", and how many letters must be left after them
_ENDINGS = (
    *("تها", "تنا", "تهم", "تكم", "اتي"),
    *("تي", "ته", "تك", "ها", "هم", "نا", "كم", "ات", "ون", "ين", "ان", "يه"),
    *("ي", "ه", "ء"),
)
_SHORTEST = 3


def light_stem(word: str) -> str:
    """One stem for "the car", "my car", "for my car" and "cars"; short words are left alone."""
    found = _ARTICLE.match(word)
    bare = _without_endings(word[found.end() :] if found else word)
    for letter, left in _JOINED.items():
        if bare.startswith(letter) and len(bare) > left:
            bare = bare[1:]
    return bare


def _without_endings(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return _without_endings(word[: -len(ending)])
    if word.endswith("ا") and len(word) > _SHORTEST + 1:  # "kahraba" is written with and without its last hamza
        return _without_endings(word[:-1])
    return word
