"""What a set of questions is: questions, answers, what an answer may mean. Pure: no SQL, no page, no person.

Shipped sets are in `instruments_shipped`; those that a site brings are read by `instruments_fhir`. Which question
comes next is decided in `instruments_flow`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum, unique
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from i18n.catalog import current_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from i18n.lazy import LazyText

JsonDict: TypeAlias = dict[str, object]
OURS = "https://handrail.example/needs-check"
"""The code system of our own answers."""
LOINC = "http://loinc.org"


@unique
class Kind(StrEnum):
    """How a question is answered; the words are those of FHIR Questionnaire.item.type."""

    CHOICE = "choice"
    OPEN_CHOICE = "open-choice"
    BOOLEAN = "boolean"
    STRING = "string"
    INTEGER = "integer"
    NOTE = "display"


@unique
class Operator(StrEnum):
    """How an earlier answer is looked at (FHIR Questionnaire.item.enableWhen.operator)."""

    EXISTS = "exists"
    IS = "="
    IS_NOT = "!="
    MORE = ">"
    LESS = "<"
    AT_LEAST = ">="
    AT_MOST = "<="


@dataclass(frozen=True, slots=True)
class Words:
    """A text that speaks the language of the moment: from the catalogs, or as a site's file has it."""

    shipped: LazyText | None = None
    own: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    """The language of a site's file; its other languages are in `own`."""

    def __str__(self) -> str:
        """The words in the language of the moment, else in the language they were written in."""
        if self.shipped is not None:
            return str(self.shipped)
        return self.own.get(current_language().code) or self.own.get(self.language, "")

    def speaks(self, code: str) -> bool:
        """Whether a reader of this language gets it in that language."""
        return self.shipped is not None or bool(self.own.get(code))

    @property
    def spoken(self) -> str:
        """The language `str` speaks now, for `lang` attributes."""
        code = current_language().code
        return code if self.shipped is not None or self.own.get(code) else self.language


@dataclass(frozen=True, slots=True)
class Lead:
    """What an answer points at. Whoever gives it is asked apart whether help is wanted.

    `danger`: a person looks today, and nothing is made or sent by itself; `urgent`: help cannot wait for the week.
    """

    subneed: str = ""
    codes: tuple[str, ...] = ()
    """ICD-10-CM, for a clinician to look at; the first one fits best."""
    urgent: bool = False
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose. An answer with a lead is a positive one."""

    code: str
    words: Words
    system: str = OURS
    lead: Lead | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A question is asked only when an earlier one was answered so; `value` is a code, a number or a text."""

    question: str
    operator: Operator
    value: str | int | bool


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `id` is the LOINC code where there is one, else its own word (FHIR linkId)."""

    id: str
    words: Words
    kind: Kind = Kind.CHOICE
    choices: tuple[Choice, ...] = ()
    several: bool = False
    when: tuple[Condition, ...] = ()
    any_of: bool = False
    heading: Words | None = None
    code: str = ""
    system: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether it wants an answer; a note is only shown."""
        return self.kind is not Kind.NOTE


@dataclass(frozen=True, slots=True)
class Result:
    """The coded sentence that a positive set may carry; there is none for a negative one, by rule."""

    question: str
    code: str
    display: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """A set of questions in one version."""

    id: str
    version: str
    title: Words
    questions: tuple[Question, ...]
    url: str = ""
    about: Words | None = None
    credit: str = ""
    """Whose work it is; shown wherever the questions or their answers are."""
    validated: bool = False
    result: Result | None = None
    own: bool = False
    """Brought by the site."""
    by_id: Mapping[str, Question] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Questions by their id, which must be unique."""
        object.__setattr__(self, "by_id", MappingProxyType({one.id: one for one in self.questions}))

    def speaks(self, code: str) -> bool:
        """Whether all its questions can be read in this language."""
        return all(one.words.speaks(code) for one in self.questions)
