"""What a text to a phone may cost: segments by language, with the longest value in every placeholder."""

from dataclasses import dataclass

from i18n.gsm7 import Count, count

#: Letters of the longest value a placeholder may take; the short-link host is at most 15 letters.
LONGEST = {
    "org": "Riverside Care16",
    "staff": "Maximilian",
    "phone": "513-555-0142",
    "place": "Queen City Family Market 028",
    "place_phone": "513-555-0142",
    "hours": "9:00 AM-1:00 PM",
    "when": "Nov 22 at 10:30 AM..",
    "date": "Nov 22",
    "ref": "K7QX",
    "refs": "K7QX, M3PD, R4TV, W6YZ",
    "answer": "could not reach them",
    "link": "https://hndrl.example.z/r/7kQ2mZp4Vd9TxB3nLw8RcY",
    "code": "123456",
    "tag": "K7",
}
_UNKNOWN = "x" * 10


@dataclass(frozen=True, slots=True)
class Budget:
    """The most segments a text of a language may take; `gsm7` if it may not leave that alphabet."""

    segments: int
    gsm7: bool


_ONE = Budget(1, gsm7=True)
BUDGETS = {
    **dict.fromkeys(("en", "es", "ht", "fil", "pt_BR"), _ONE),
    **dict.fromkeys(("zh_Hans", "zh_Hant", "ar", "ko"), Budget(2, gsm7=False)),
    **dict.fromkeys(("vi", "ru", "fr"), Budget(3, gsm7=False)),
}


def of(code: str) -> Budget:
    """What a text in a language may take; three segments where we have no words."""
    return BUDGETS.get(code, Budget(3, gsm7=False))


class Longest(dict[str, str]):
    """Values of placeholders; one that is not among them is ten letters long."""

    def __missing__(self, name: str) -> str:
        """What stands for a placeholder nobody named."""
        return _UNKNOWN


def filled(text: str) -> str:
    """A text with the longest value in every placeholder."""
    return text % Longest(LONGEST) if "%" in text else text


def over(text: str, code: str) -> Count | None:
    """The count of a text that is over the budget of its language; None if it fits."""
    budget = of(code)
    counted = count(filled(text))
    too_dear = counted.segments > budget.segments or (budget.gsm7 and counted.encoding != "GSM-7")
    return counted if too_dear else None
