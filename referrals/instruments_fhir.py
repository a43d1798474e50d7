"""Reads a FHIR R4 Questionnaire into a set of questions, strictly: what we cannot ask as it is meant is refused.

Pure: JSON in, questions out. Each problem names the place in the file, so that whoever made it can mend it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from referrals.instruments import Choice, Condition, Instrument, Kind, Lead, Operator, Question, Words
from referrals.instruments_shipped import NO, YES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from referrals.instruments import JsonDict

MOST_BYTES = 256 * 1024
DEEPEST = 4
"""Groups inside groups."""
MOST_QUESTIONS = 120
MOST_CHOICES = 60
LONGEST = 1_000
MOST_FAULTS = 20
"""A person mends a few, then looks again."""
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
BOOLEAN = ("true", "false")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: `at` is a path such as `item[2].answerOption[0]`, `code` picks the sentence."""

    at: str
    code: str
    more: str = ""


class UnreadableError(Exception):
    """The file cannot be used; `faults` says why, in the order of the file."""

    def __init__(self, faults: list[Fault]) -> None:
        """Keep the faults; never a value of the file beyond its own words."""
        super().__init__("unreadable_questionnaire")
        self.faults = tuple(faults)


def parse(raw: bytes) -> JsonDict:
    """The JSON of an uploaded file; raises UnreadableError when it is too large, no JSON, or no Questionnaire."""
    if len(raw) > MOST_BYTES:
        raise UnreadableError([Fault("", "too_large", str(MOST_BYTES // 1024))])
    try:
        found = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise UnreadableError([Fault("", "not_json")]) from None
    if not isinstance(found, dict) or found.get("resourceType") != "Questionnaire":
        raise UnreadableError([Fault("resourceType", "not_a_questionnaire")])
    if not _storable(found):
        raise UnreadableError([Fault("", "not_json")])
    return cast("JsonDict", found)


def _storable(found: JsonDict) -> bool:
    """A NUL cannot stand in PostgreSQL, half a letter in neither database."""
    text = json.dumps(found, ensure_ascii=False)
    return "\\u0000" not in text and text.encode(errors="replace").decode() == text


def read(source: JsonDict, needs: Mapping[str, Mapping[str, str]] | None = None) -> Instrument:
    """The set of questions of a Questionnaire; `needs` says which answer points at which need.

    Raises UnreadableError with every fault found.
    """
    reading = _Reading(_code(source.get("language")) or "en", needs or {})
    url, version = _text(source, "url"), _text(source, "version")
    title = _text(source, "title") or _text(source, "name")
    if not url.startswith(("http://", "https://", "urn:")):
        reading.fault("url", "no_url")
    if not title:
        reading.fault("title", "no_title")
    reading.items(source.get("item"), "item", 1, (), None)
    reading.check_conditions()
    if not any(one.is_asked for one in reading.questions) and not reading.faults:
        reading.fault("item", "no_questions")
    if reading.faults:
        raise UnreadableError(reading.faults)
    return Instrument(
        id=url,
        version=version,
        title=reading.words(source, "title" if source.get("title") else "name"),
        questions=tuple(reading.questions),
        url=url,
        credit=_text(source, "copyright"),
        own=True,
    )


class _Reading:
    """One file: the questions and faults found so far."""

    def __init__(self, language: str, needs: Mapping[str, Mapping[str, str]]) -> None:
        self.language, self.needs = language, needs
        self.questions: list[Question] = []
        self.faults: list[Fault] = []
        self.places: dict[str, str] = {}

    def fault(self, at: str, code: str, more: str = "") -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(at, code, more[:80]))

    def items(self, items: object, at: str, depth: int, when: tuple[Condition, ...], heading: Words | None) -> None:
        if items is None and depth > 1:
            return
        if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
            self.fault(at, "not_a_list")
            return
        if depth > DEEPEST:
            self.fault(at, "too_deep", str(DEEPEST))
            return
        for number, item in enumerate(items):
            self._item(item, f"{at}[{number}]", depth, when, heading)

    def _item(self, item: JsonDict, at: str, depth: int, when: tuple[Condition, ...], heading: Words | None) -> None:
        link_id, kind = _text(item, "linkId"), item.get("type")
        if not link_id or link_id in self.places:
            self.fault(f"{at}.linkId", "twice" if link_id else "no_link_id", link_id)
            return
        self.places[link_id] = at
        if "modifierExtension" in item:
            self.fault(f"{at}.modifierExtension", "changes_meaning")
        own, any_of = self._conditions(item, at), item.get("enableBehavior") == "any"
        if when and own and any_of:
            self.fault(f"{at}.enableBehavior", "mixed_conditions")
        both = (*when, *own)
        if kind == "group":
            if any_of and len(own) > 1:
                self.fault(f"{at}.enableBehavior", "mixed_conditions")
            inner = self.words(item, "text") if _text(item, "text") else heading
            self.items(item.get("item"), f"{at}.item", depth + 1, both, inner)
            return
        if kind not in set(Kind):
            self.fault(f"{at}.type", "unknown_type", str(kind))
            return
        self._question(item, at, Kind(str(kind)), both, any_of=any_of, heading=heading)
        self.items(item.get("item"), f"{at}.item", depth + 1, both, heading)

    def _question(
        self, item: JsonDict, at: str, kind: Kind, when: tuple[Condition, ...], *, any_of: bool, heading: Words | None
    ) -> None:
        if not _text(item, "text"):
            self.fault(f"{at}.text", "no_text")
        if len(self.questions) >= MOST_QUESTIONS:
            self.fault(at, "too_many_questions", str(MOST_QUESTIONS))
            return
        code, system = _coding(item.get("code"))
        self.questions.append(
            Question(
                id=_text(item, "linkId"),
                words=self.words(item, "text"),
                kind=kind,
                choices=tuple(self._choices(item, at, kind)),
                several=item.get("repeats") is True and kind in {Kind.CHOICE, Kind.OPEN_CHOICE},
                when=when,
                any_of=any_of,
                heading=heading,
                code=code,
                system=system,
            )
        )

    def _choices(self, item: JsonDict, at: str, kind: Kind) -> Iterator[Choice]:
        leads = self.needs.get(_text(item, "linkId"), {})
        if kind is Kind.BOOLEAN:
            for code in BOOLEAN:
                yield Choice(code, Words(YES if code == "true" else NO), lead=_lead(leads.get(code, "")))
            return
        if kind not in {Kind.CHOICE, Kind.OPEN_CHOICE}:
            return
        options = item.get("answerOption")
        if not isinstance(options, list) or not options:
            self.fault(f"{at}.answerOption", "value_set" if item.get("answerValueSet") else "no_choices")
            return
        if len(options) > MOST_CHOICES:
            self.fault(f"{at}.answerOption", "too_many_choices", str(MOST_CHOICES))
            return
        seen: set[str] = set()
        for number, option in enumerate(options):
            choice = self._choice(option, f"{at}.answerOption[{number}]", leads)
            if choice is not None and choice.code in seen:
                self.fault(f"{at}.answerOption[{number}]", "twice", choice.code)
            elif choice is not None:
                seen.add(choice.code)
                yield choice

    def _choice(self, option: object, at: str, leads: Mapping[str, str]) -> Choice | None:
        coding = option.get("valueCoding") if isinstance(option, dict) else None
        if not isinstance(coding, dict) or not _text(coding, "code") or not _text(coding, "display"):
            self.fault(at, "no_coding")
            return None
        code = _text(coding, "code")
        return Choice(code, self.words(coding, "display"), _text(coding, "system"), _lead(leads.get(code, "")))

    def _conditions(self, item: JsonDict, at: str) -> tuple[Condition, ...]:
        listed = item.get("enableWhen")
        if listed is None:
            return ()
        if not isinstance(listed, list):
            self.fault(f"{at}.enableWhen", "not_a_list")
            return ()
        found = []
        for number, one in enumerate(listed):
            condition = _condition(one)
            if condition is None:
                self.fault(f"{at}.enableWhen[{number}]", "condition")
            else:
                found.append(condition)
        return tuple(found)

    def check_conditions(self) -> None:
        """A condition looks back, at a question that was asked."""
        asked: set[str] = set()
        for question in self.questions:
            for one in question.when:
                if one.question not in asked:
                    self.fault(f"{self.places[question.id]}.enableWhen", "looks_ahead", one.question)
            asked.add(question.id)

    def words(self, element: JsonDict, name: str) -> Words:
        """A text with the translations that stand beside it."""
        own = {self.language: _text(element, name)}
        beside = element.get(f"_{name}")
        extensions = beside.get("extension") if isinstance(beside, dict) else None
        for one in extensions if isinstance(extensions, list) else []:
            if isinstance(one, dict) and one.get("url") == TRANSLATION:
                parts = {p.get("url"): p for p in one.get("extension", []) if isinstance(p, dict)}
                code = _code(parts.get("lang", {}).get("valueCode"))
                said = parts.get("content", {})
                content = said.get("valueString") or said.get("valueMarkdown")
                if code and isinstance(content, str):
                    own[code] = content.strip()[:LONGEST]
        return Words(own=own, language=self.language)


def _lead(subneed: str) -> Lead | None:
    if subneed == "danger":
        return Lead(danger=True)
    return Lead(subneed) if subneed else None


def _text(element: Mapping[str, object], name: str) -> str:
    value = element.get(name)
    return value.strip()[:LONGEST] if isinstance(value, str) else ""


def _code(tag: object) -> str:
    """Our code of a BCP 47 tag: es-MX reads as es, zh-Hant as zh_Hant."""
    if not isinstance(tag, str) or not tag:
        return ""
    parts = tag.replace("_", "-").split("-")
    chinese = {"hant": "zh_Hant", "tw": "zh_Hant", "hk": "zh_Hant", "mo": "zh_Hant"}
    if parts[0].lower() == "zh":
        return next((chinese[part.lower()] for part in parts[1:] if part.lower() in chinese), "zh_Hans")
    return {"tl": "fil", "pt": "pt_BR"}.get(parts[0].lower(), parts[0].lower())


def _coding(codes: object) -> tuple[str, str]:
    first = codes[0] if isinstance(codes, list) and codes and isinstance(codes[0], dict) else {}
    return _text(first, "code"), _text(first, "system")


def _condition(one: object) -> Condition | None:
    if not isinstance(one, dict) or one.get("operator") not in set(Operator):
        return None
    operator, question = Operator(one["operator"]), _text(one, "question")
    answers = [name for name in one if name.startswith("answer")]
    if not question or len(answers) != 1:
        return None
    value = one[answers[0]]
    if answers[0] == "answerCoding" and isinstance(value, dict):
        value = value.get("code")
    plain = isinstance(value, str | int)
    if not plain or (operator is Operator.EXISTS and not isinstance(value, bool)):
        return None
    if operator not in {Operator.EXISTS, Operator.IS, Operator.IS_NOT} and answers[0] != "answerInteger":
        return None
    return Condition(question, operator, cast("str | int | bool", value))
