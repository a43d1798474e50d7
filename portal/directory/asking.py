"""Reads the address of the search page: criteria, the patient it is for, what is chosen; prefills what is known."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlencode

from flask import url_for

from i18n.catalog import current_language
from portal import finding
from portal.patient_context import ARGUMENT, PatientContext
from resources_db.listing_key import BadListingKeyError, ListingKey
from search.criteria import FieldProblem, Problem, SearchCriteria, clean_text, from_query

MOST_CHOSEN = 20
PAGE_SIZE = 10
GO = "go"
# Werkzeug gives bytes that are no UTF-8 as they were in the address; other parts put this sign.
BROKEN = re.compile("(?:%[89A-F][0-9A-F])+|\ufffd")
_MOST_FIELDS = 60
_LONGEST_TIME = 20


@dataclass(frozen=True, slots=True)
class Ask:
    """What one address of the search page asks. `chosen` are listings ticked on this or another page of the list.

    `path` is that of the page, said once: some twenty ways lead on from it.
    `moved` when a button of the page led here, whose value is the question; `then` is what to do with the chosen.
    `day` and `time` are as typed; `more` keeps the further filters in view.
    """

    criteria: SearchCriteria
    patient: PatientContext | None
    chosen: tuple[ListingKey, ...]
    path: str
    moved: bool = False
    then: str = ""
    day: str = ""
    time: str = ""
    more: bool = False
    left_out: frozenset[Problem] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Nothing asked for, or nothing in words."""
        return self.criteria.is_empty or finding.is_wordless(self.criteria)

    @property
    def keeps(self) -> bool:
        """Whether places can be chosen here, so that every way on must carry the ticks along."""
        return self.patient is not None and bool(self.patient.compose_href)

    def query(self, criteria: SearchCriteria | None = None, *, chosen: bool = True) -> str:
        """The query string of this page with other criteria; "asked" keeps removed prefills removed."""
        pairs = [pair for pair in (criteria or self.criteria).to_pairs() if pair[0] != "limit"]
        if self.patient:
            pairs += [(ARGUMENT, str(self.patient.id)), ("asked", "1")]
        if chosen:
            pairs += [("listing", str(key)) for key in self.chosen]
        return urlencode(pairs)


def read(values: Mapping[str, Sequence[str]], patient: PatientContext | None) -> Ask:
    """Always something that can be searched; unknown words are left out."""
    go = next(iter(values.get(GO, ())), "")
    asked = _of_button(go) if go else _joined(values)
    criteria, problems = from_query({**_readable(asked), "limit": [str(PAGE_SIZE)]})
    criteria = replace(criteria, limit=PAGE_SIZE, lang=current_language().code.split("_")[0])
    if asked.get("was") and clean_text(asked["was"][0]) != criteria.q:
        # a new sentence: what was removed or chosen belonged to the old one
        criteria = replace(criteria, without=(), needs=() if criteria.q else criteria.needs, domain="", offset=0)
    if patient and not asked.get("asked"):
        criteria = _prefill(criteria, patient)
    then = next((word for word in values.get("do", ()) if word in {"text", "print"}), "")
    return Ask(
        criteria,
        patient,
        _chosen(values),
        url_for("directory.search"),
        moved=bool(go),
        then=then,
        day=_first(asked, "day"),
        time=_first(asked, "time"),
        more=bool(values.get("more")),
        left_out=_left_out(asked, problems),
    )


def _left_out(values: Mapping[str, Sequence[str]], problems: Sequence[FieldProblem]) -> frozenset[Problem]:
    """What of the sentence could not be read."""
    broken = {Problem.BAD_CHARACTER} if BROKEN.search("".join(values.get("q", ()))) else set()
    return frozenset(broken | {one.problem for one in problems if one.field == "q"})


def _readable(values: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """Without bytes that were no text."""
    return {name: [BROKEN.sub(" ", text) for text in texts] for name, texts in values.items()}


def _joined(values: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """Fields that only the form has: day and time become a moment, another language becomes the language."""
    joined = dict(values)
    if other := _first(values, "other_language"):
        joined["language"] = [other]
    day, time = _first(values, "day"), _first(values, "time")
    if day or time:
        joined["open_at"] = [f"{day}T{time}"] if day and time else []
    return joined


def _first(values: Mapping[str, Sequence[str]], name: str) -> str:
    return clean_text(next(iter(values.get(name, ())), ""))[:_LONGEST_TIME]


def on_last_page(ask: Ask, total: int) -> Ask:
    size = ask.criteria.limit
    return replace(ask, criteria=replace(ask.criteria, offset=(total - 1) // size * size))


def _of_button(query: str) -> Mapping[str, Sequence[str]]:
    """Without script a tick is sent by its form only: a way on is a button of that form, its value a query string."""
    try:
        return {**parse_qs(query, max_num_fields=_MOST_FIELDS), "asked": ["1"]}
    except ValueError:
        return {}


def _prefill(criteria: SearchCriteria, patient: PatientContext) -> SearchCriteria:
    language = patient.language.split("_")[0]
    return replace(
        criteria,
        near=criteria.near or patient.zip_code,
        language=criteria.language or (language if language != "en" else ""),
        travel=criteria.travel or patient.travel,
    )


def _chosen(values: Mapping[str, Sequence[str]]) -> tuple[ListingKey, ...]:
    keys: dict[ListingKey, None] = {}
    for text in values.get("listing", ()):
        try:
            keys[ListingKey.parse(text)] = None
        except BadListingKeyError:
            continue
    return tuple(keys)[:MOST_CHOSEN]
