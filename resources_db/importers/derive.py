"""What we work out from a source's words: numbers that can be dialled, judged places, hours rules, needs, costs.

Works on checked records only; looks nothing up in the database.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from resources_db import hours, hours_rows, needs, phones
from resources_db.hsds.values import Plain
from resources_db.importers import derive_places
from resources_db.importers.batch import Batch, Checked
from resources_db.importers.scratch import batched
from resources_db.importers.spoken import language_code
from resources_db.vocab import CostKind, NeedsOrigin

_FREE = re.compile(r"\bfree\b|no (?:cost|charge|fee)s?\b|\bgratis\b", re.IGNORECASE)
_SLIDING = re.compile(r"sliding|ability to pay|based on income", re.IGNORECASE)
_INSURANCE = re.compile(r"insurance|medicaid|medicare|copay|co-pay", re.IGNORECASE)
_FEE = re.compile(r"[$€£]\s*\d|\bfees?\b|\bcost", re.IGNORECASE)


@dataclass(slots=True)
class _Said:
    """Need ids and term names said of a service by attributes."""

    needs: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def derive(batch: Batch) -> None:
    """Fill in everything the source only says in words. Order matters: places need addresses, hiding needs needs."""
    for record in batch.each("phone"):
        _phone(batch, record)
    derive_places.mend_addresses(batch)
    for record in batch.each("language"):
        if "code" not in record.values and (code := language_code(record.text("name"))):
            record.values["code"] = code
    for record in batch.each("schedule"):
        _schedule(batch, record)
    _needs(batch)
    derive_places.judge_places(batch)


def _phone(batch: Batch, record: Checked) -> None:
    """The number as it can be dialled; a cell with several numbers becomes several phones."""
    if "x_e164" in record.values or record.values.get("x_short_code"):
        return
    found = phones.read(record.text("number"))
    if not found:
        batch.refuse(record, "missing", "number", record.text("number"))
        return
    said = dict(record.values)
    for at, phone in enumerate(found):
        one = record if at == 0 else replace(record, external_id=f"{record.external_id}#{at + 1}")
        one.values = {**said, **_dialled(phone, said, alone=len(found) == 1)}
        if phone.e164 is None and not phone.short_code:
            batch.warn(one, "no_number", "number", phone.number)
        if at:
            batch.add(one)


def _dialled(phone: phones.ReadPhone, known: Mapping[str, Plain], *, alone: bool) -> dict[str, Plain]:
    values: dict[str, Plain] = {} if alone else {"number": phone.number}
    if phone.e164:
        values["x_e164"] = phone.e164
    if phone.short_code:
        values["x_short_code"] = True
    if phone.vanity and "x_vanity" not in known:
        values["x_vanity"] = phone.vanity
    if phone.accepts_sms and "x_accepts_sms" not in known:
        values["x_accepts_sms"] = True
    if phone.extension and "extension" not in known:
        values["extension"] = phone.extension
    values["type"] = known.get("type") or phone.kind
    if phone.label and "description" not in known:
        values["description"] = phone.label
    return values


def _schedule(batch: Batch, record: Checked) -> None:
    """Words become rules where they can be read; the words themselves are kept and shown."""
    values = record.values
    if values.get("opens_at") or values.get("x_closed"):
        _structured(batch, record)
        return
    words = record.text("x_original_text") or record.text("description")
    if not words or values.get("schedule_link") or "x_parse_confidence" in values:
        return
    values["x_original_text"] = words
    read = hours.parse(words)
    values["x_parse_confidence"] = read.confidence
    if read.confidence < hours.TRUSTED:
        batch.warn(record, "hours_unclear", "x_original_text", words)
    bounds = {name: values.pop(name, None) for name in ("valid_from", "valid_to")}
    for at, rule in enumerate(read.rules):
        made = {**values, **_columns(rule), **{name: day for name, day in bounds.items() if day}}
        if at == 0:
            record.values = made
        else:
            batch.add(replace(record, external_id=f"{record.external_id}#{at + 1}", values=made))


def _columns(rule: hours.HoursRule) -> dict[str, Plain]:
    ours = {"closed", "closes_next_day", "kind", "parse_confidence", "holiday"}
    columns = {f"x_{name}" if name in ours else name: value for name, value in hours_rows.columns_of(rule).items()}
    return {name: value for name, value in columns.items() if isinstance(value, str | int | float) and value != ""}


def _structured(batch: Batch, record: Checked) -> None:
    """Times in cells. Closing before opening is only believed when the source marks the night."""
    values = record.values
    opens, closes = record.text("opens_at"), record.text("closes_at")
    if byday := record.text("byday"):
        values["byday"] = _weekdays(byday)
        values.setdefault("freq", "WEEKLY")
    if "x_closes_next_day" in values or not (opens and closes) or closes > opens or closes == "00:00":
        return
    values["x_closes_next_day"] = True
    values["x_parse_confidence"] = 0.6
    batch.warn(record, "hours_unclear", "closes_at", f"{opens}-{closes}")


def _weekdays(text: str) -> str:
    """`Monday` of older packages becomes `MO`; HSDS codes stay."""
    short = {day.casefold(): day for day in hours.WEEKDAYS}
    parts = [part.strip() for part in text.split(",")]
    return ",".join(short.get(part[:2].casefold(), part) if part.isalpha() else part for part in parts)


def _needs(batch: Batch) -> None:
    """Codes of our own taxonomy first, then crosswalks, then words."""
    for services in batch.of("service"):
        ids = [one.external_id for one in services]
        said = _terms(batch, ids)
        costly = {one.text("service_id") for one in batch.held("cost_option", "service_id", ids)}
        for service in services:
            _need(batch, service, said[service.external_id])
            if "x_cost_kind" not in service.values:
                kind = cost_kind(f"{service.text('fees_description')} {service.text('fees')}")
                fee = kind == CostKind.UNKNOWN and service.external_id in costly
                service.values["x_cost_kind"] = CostKind.FEE if fee else kind
        batch.save(services)


def _need(batch: Batch, service: Checked, said: _Said) -> None:
    values = service.values
    if "x_needs" not in values:
        words = service.text("name"), service.text("description"), said.names
        values["x_needs_origin"] = (NeedsOrigin.TAXONOMY if said.needs else NeedsOrigin.SUGGESTED).value
        guessed = list(dict.fromkeys(said.needs)) or list(needs.suggest(*words))
        if guessed:
            values["x_needs"] = guessed
        elif "x_also_serves" not in values:
            batch.warn(service, "needs_unknown", "name", service.text("name"))
    listed = service.words("x_needs")
    if "x_also_serves" in values:
        values["x_also_serves"] = [need for need in service.words("x_also_serves") if need not in listed]
    if "x_sensitive" not in values and needs.is_sensitive(listed):
        values["x_sensitive"] = True


def _terms(batch: Batch, services: list[str]) -> dict[str, _Said]:
    attributes = list(batch.held("attribute", "link_id", services))
    terms = _by_id(batch, "taxonomy_term", {one.text("taxonomy_term_id") for one in attributes})
    taxonomies = _by_id(batch, "taxonomy", {one.text("taxonomy_id") for one in terms.values()})
    said: dict[str, _Said] = defaultdict(_Said)
    for attribute in attributes:
        term = terms.get(attribute.text("taxonomy_term_id"))
        if term is None:
            continue
        named = taxonomies.get(term.text("taxonomy_id"))
        taxonomy = (named.text("name") if named else "") or term.text("taxonomy")
        about = said[attribute.text("link_id")]
        about.needs += needs.from_code(taxonomy, term.text("code"))
        about.names.append(term.text("name"))
    return said


def _by_id(batch: Batch, kind: str, ids: set[str]) -> dict[str, Checked]:
    return {one.external_id: one for part in batched(sorted(ids)) for one in batch.named(kind, part)}


def cost_kind(words: str) -> CostKind:
    """Free, sliding, insurance or a fee, when the words say so plainly."""
    for kind, pattern in (
        (CostKind.SLIDING, _SLIDING),
        (CostKind.INSURANCE, _INSURANCE),
        (CostKind.FREE, _FREE),
        (CostKind.FEE, _FEE),
    ):
        if pattern.search(words):
            return kind
    return CostKind.UNKNOWN
