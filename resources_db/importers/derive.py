"""What we work out from a source's words: numbers that can be dialled, judged places, hours rules, needs, costs.

Works on checked records only; looks nothing up in the database.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace

from resources_db import hours, hours_rows, needs, phones
from resources_db.hsds.values import Plain
from resources_db.importers import derive_places
from resources_db.importers.checked import Batch, Checked
from resources_db.importers.spoken import language_code
from resources_db.vocab import CostKind, NeedsOrigin

_FREE = re.compile(r"\bfree\b|no (?:cost|charge|fee)s?\b|\bgratis\b", re.IGNORECASE)
_SLIDING = re.compile(r"sliding|ability to pay|based on income", re.IGNORECASE)
_INSURANCE = re.compile(r"insurance|medicaid|medicare|copay|co-pay", re.IGNORECASE)
_FEE = re.compile(r"[$€£]\s*\d|\bfees?\b|\bcost", re.IGNORECASE)


def derive(batch: Batch) -> None:
    """Fill in everything the source only says in words. Order matters: places need addresses, hiding needs needs."""
    for record in batch.of("phone"):
        _phone(batch, record)
    derive_places.mend_addresses(batch)
    for record in batch.of("language"):
        if "code" not in record.values and (code := language_code(record.text("name"))):
            record.values["code"] = code
    for record in batch.of("schedule"):
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
    coded, spoken = _terms(batch)
    costly = Counter(record.text("service_id") for record in batch.of("cost_option"))
    for service in batch.of("service"):
        values = service.values
        if "x_needs" not in values:
            found = coded[service.external_id]
            words = service.text("name"), service.text("description"), spoken[service.external_id]
            values["x_needs_origin"] = (NeedsOrigin.TAXONOMY if found else NeedsOrigin.SUGGESTED).value
            guessed = list(dict.fromkeys(found)) or list(needs.suggest(*words))
            if guessed:
                values["x_needs"] = guessed
            elif "x_also_serves" not in values:
                batch.warn(service, "needs_unknown", "name", service.text("name"))
        listed = service.words("x_needs")
        if "x_also_serves" in values:
            values["x_also_serves"] = [need for need in service.words("x_also_serves") if need not in listed]
        if "x_sensitive" not in values and needs.is_sensitive(listed):
            values["x_sensitive"] = True
        if "x_cost_kind" not in values:
            kind = cost_kind(f"{service.text('fees_description')} {service.text('fees')}")
            values["x_cost_kind"] = CostKind.FEE if kind == CostKind.UNKNOWN and costly[service.external_id] else kind


def _terms(batch: Batch) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Need ids and term names said of each service by attributes."""
    terms = {record.external_id: record for record in batch.of("taxonomy_term")}
    names = {record.external_id: record.text("name") for record in batch.of("taxonomy")}
    coded: dict[str, list[str]] = defaultdict(list)
    spoken: dict[str, list[str]] = defaultdict(list)
    for attribute in batch.of("attribute"):
        term = terms.get(attribute.text("taxonomy_term_id"))
        if term is None:
            continue
        taxonomy = names.get(term.text("taxonomy_id")) or term.text("taxonomy")
        service = attribute.text("link_id")
        coded[service] += needs.from_code(taxonomy, term.text("code"))
        spoken[service].append(term.text("name"))
    return coded, spoken


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
