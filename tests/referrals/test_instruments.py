"""The questions themselves: plain words, leaf codes, published codes as published; which question follows which."""

from __future__ import annotations

import json

import pytest

from i18n import locales, reading_level, sources
from i18n.catalog import use_language
from referrals import diagnosis_codes, instruments_fhir, instruments_flow
from referrals.errors import BadInputError
from referrals.instruments import LOINC, Kind
from referrals.instruments_flow import Given
from referrals.instruments_shipped import FOOD_ITEMS, NEEDS_CHECK, SHIPPED
from resources_db import needs
from resources_db.vocab import HelpWanted

CHECK, FOOD = SHIPPED[NEEDS_CHECK], SHIPPED[FOOD_ITEMS]
MOST_GRADE = 5.0
LEADS = [(q.id, c.code, c.lead) for one in SHIPPED.values() for q in one.questions for c in q.choices if c.lead]


def coded(code, system="https://x.example"):
    return [{"valueCoding": {"system": system, "code": code, "display": code}}]


@pytest.mark.parametrize("question", CHECK.questions, ids=lambda one: one.id)
def test_our_own_questions_are_of_grade_five_at_most(question):
    texts = [str(question.words), *(str(one.words) for one in question.choices)]
    spoken = [text for text in texts if len(reading_level.words(text)) >= 5]
    assert {text: grade for text in spoken if (grade := reading_level.grade_en(text)) > MOST_GRADE} == {}


@pytest.mark.parametrize("question", CHECK.questions, ids=lambda one: one.id)
def test_our_own_questions_are_plain_in_spanish(question):
    with use_language("es"):
        assert not reading_level.too_hard(str(question.words), "es"), str(question.words)


@pytest.mark.parametrize("code", [one.code for one in locales.LANGUAGES.values() if one.status == "draft"] + ["es"])
def test_our_own_questions_have_words_in_every_language_for_patients(code):
    catalog = sources.read(sources.path_of(code, "patient"), code)
    texts = [str(q.words) for q in CHECK.questions] + [str(c.words) for q in CHECK.questions for c in q.choices]
    assert [text for text in texts if not catalog.get(text).string] == []


def test_our_own_check_says_that_it_is_not_validated():
    assert "not a validated instrument" in str(CHECK.about)
    assert not CHECK.validated


def test_it_asks_about_every_domain_and_about_safety_without_details():
    led = {needs.NEEDS[lead.subneed].domain for _q, _c, lead in LEADS if lead.subneed}
    assert led == {"nutrition", "housing", "transportation", "financial", "other"}
    (safety,) = [one for one in CHECK.questions if any(c.lead and c.lead.danger for c in one.choices)]
    assert not {"hit", "hurt", "violence", "abuse", "partner"} & set(str(safety.words).casefold().split())


@pytest.mark.parametrize("lead", [one[2] for one in LEADS], ids=[f"{one[0]}-{one[1]}" for one in LEADS])
def test_every_suggested_code_is_a_leaf_with_a_title(lead):
    assert set(lead.codes) <= set(diagnosis_codes.TITLES)
    assert not set(lead.codes) & diagnosis_codes.HEADERS


def test_no_known_code_is_a_header_of_another():
    known = diagnosis_codes.TITLES
    headers = {one for one in known if any(other != one and other.startswith(one) for other in known)}
    assert headers == set()
    assert not set(known) & diagnosis_codes.HEADERS
    for header in ("Z59.0", "Z59.1", "Z59.4", "Z59.7", "Z59.8", "Z59.81", "Z59.86"):
        assert header in diagnosis_codes.HEADERS


@pytest.mark.parametrize("need", needs.NEEDS.values(), ids=lambda one: one.id)
def test_needs_of_behavioral_health_and_safety_suggest_no_code(need):
    suggested = diagnosis_codes.suggested(need.id)
    if need.domain == "behavioral_health" or need.sensitive:
        assert suggested == ()
        assert not diagnosis_codes.may_confirm(need.id, "Z59.41")
    assert not set(suggested) & diagnosis_codes.HEADERS


@pytest.mark.parametrize(
    ("question", "answer", "codes"),
    [
        ("food", "yes", ("Z59.41",)), ("home", "at_risk", ("Z59.811",)), ("home", "none", ("Z59.00", "Z59.01", "Z59.02")),
        ("repairs", "heat", ("Z59.11",)), ("repairs", "other", ("Z59.19",)), ("utilities", "notice", ("Z59.861",)),
        ("utilities", "off", ("Z59.12",)), ("rides", "yes", ("Z59.82",)), ("money", "very_hard", ("Z59.869",)),
        ("work", "yes", ("Z56.0",)),
    ],
)  # fmt: skip
def test_the_codes_of_the_paper_stand_with_their_answers(question, answer, codes):
    (lead,) = [one for q, c, one in LEADS if (q, c) == (question, answer)]
    assert diagnosis_codes.suggested(lead.subneed, lead.codes) == codes


@pytest.mark.parametrize(("alone", "codes"), [(True, ("Z60.2",)), (False, ("Z60.4",)), (None, ("Z60.2", "Z60.4"))])
def test_loneliness_is_told_apart_by_the_household(alone, codes):
    assert diagnosis_codes.suggested("social_connection", ("Z60.2", "Z60.4"), lives_alone=alone) == codes


def test_the_food_items_carry_the_codes_of_the_published_example(shared):
    path = (
        shared / "data/fhir/ig-instances/QuestionnaireResponse-SDOHCC-QuestionnaireResponseHungerVitalSignExample.json"
    )
    published = json.loads(path.read_text("utf-8"))["item"]
    ours = {one.code: {choice.code for choice in one.choices} for one in FOOD.questions}
    for item in published[:2]:
        coding = item["answer"][0]["valueCoding"]
        assert coding["system"] == LOINC
        assert coding["code"] in ours[item["linkId"].lstrip("/")]
    result = published[2]
    assert (result["linkId"].lstrip("/"), result["answer"][0]["valueCoding"]["code"]) == (
        FOOD.result.question,
        FOOD.result.code,
    )
    assert "Hager" in FOOD.credit


def test_an_answer_is_kept_with_its_codes_as_given():
    question = FOOD.by_id["88122-7"]
    with use_language("es"):
        kept = instruments_flow.read(question, Given(("LA6729-3",)))
    assert kept == [{"valueCoding": {"system": LOINC, "code": "LA6729-3", "display": "A veces es cierto"}}]


SOURCE = {
    "resourceType": "Questionnaire", "url": "urn:x:1", "version": "1", "title": "T", "language": "en",
    "item": [
        {"linkId": "a", "type": "boolean", "text": "A?"},
        {"linkId": "g", "type": "group", "text": "More", "enableWhen": [
            {"question": "a", "operator": "=", "answerBoolean": True}],
         "item": [{"linkId": "b", "type": "integer", "text": "B?"},
                  {"linkId": "c", "type": "string", "text": "C?", "enableWhen": [
                      {"question": "b", "operator": ">", "answerInteger": 2}]}]},
        {"linkId": "d", "type": "open-choice", "text": "D?", "repeats": True, "answerOption": [
            {"valueCoding": {"code": "1", "display": "One"}}, {"valueCoding": {"code": "2", "display": "Two"}}]},
        {"linkId": "n", "type": "display", "text": "Thanks"},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({}, ["a", "d"]),
        ({"a": [{"valueBoolean": False}]}, ["a", "d"]),
        ({"a": [{"valueBoolean": True}]}, ["a", "b", "d"]),
        ({"a": [{"valueBoolean": True}], "b": [{"valueInteger": 2}]}, ["a", "b", "d"]),
        ({"a": [{"valueBoolean": True}], "b": [{"valueInteger": 3}]}, ["a", "b", "c", "d"]),
        ({"a": [{"valueBoolean": False}], "b": [{"valueInteger": 3}]}, ["a", "d"]),
    ],
)
def test_a_question_is_asked_only_when_its_conditions_hold(answers, asked):
    instrument = instruments_fhir.read(SOURCE)
    assert [one.id for one in instruments_flow.enabled(instrument, answers) if one.is_asked] == asked


def test_groups_notes_and_several_answers_are_read_as_they_are_meant():
    instrument = instruments_fhir.read(SOURCE)
    assert str(instrument.by_id["b"].heading) == "More"
    assert instrument.by_id["n"].kind is Kind.NOTE
    both = instruments_flow.read(instrument.by_id["d"], Given(("2", "1"), "and three"))
    assert [one.get("valueString") or one["valueCoding"]["code"] for one in both] == ["1", "2", "and three"]


@pytest.mark.parametrize("typed", ["many", "1e9", "9" * 40, "", "-", "1.5"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(BadInputError):
        instruments_flow.read(instruments_fhir.read(SOURCE).by_id["b"], Given(words=typed))


def test_the_wish_follows_a_positive_answer_and_nothing_else():
    answers = {"food": coded("yes")}
    step = instruments_flow.next_step(CHECK, answers, {})
    assert (step.question.id, step.help) == ("food", True)
    step = instruments_flow.next_step(CHECK, answers, {"food": HelpWanted.UNKNOWN})
    assert (step.question.id, step.help, step.number, step.of) == ("home", False, 2, 11)
    assert instruments_flow.next_step(CHECK, {"food": coded("no")}, {}).question.id == "home"


@pytest.mark.parametrize("depth", [4, 5])
def test_groups_stand_in_each_other_four_deep_at_most(depth):
    item = {"linkId": "q", "type": "boolean", "text": "Q?"}
    for number in range(depth - 1):
        item = {"linkId": f"g{number}", "type": "group", "item": [item]}
    source = {**SOURCE, "item": [item]}
    if depth <= instruments_fhir.DEEPEST:
        assert instruments_fhir.read(source).by_id["q"]
        return
    with pytest.raises(instruments_fhir.UnreadableError) as refused:
        instruments_fhir.read(source)
    assert refused.value.faults[0].code == "too_deep"


def faults_of(source):
    try:
        instruments_fhir.read(source)
    except instruments_fhir.UnreadableError as refused:
        return refused.faults
    return ()


@pytest.mark.parametrize("name", ["item", "title", "url"])
@pytest.mark.parametrize("value", [None, 1, True, [], [None], {"item": []}, [{"linkId": 1}], [{}]])
def test_a_file_of_the_wrong_shape_is_refused_and_never_breaks(name, value):
    assert faults_of({**SOURCE, name: value})


@pytest.mark.parametrize("value", [None, 1, [], {}, {"extension": 1}, {"extension": [None, {"url": 1}]}])
def test_a_translation_of_the_wrong_shape_is_left_out(value):
    assert faults_of({**SOURCE, "_title": value, "language": value}) == ()
