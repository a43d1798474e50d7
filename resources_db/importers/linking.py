"""Turns the source's references into our ids; a record that points at nothing is refused."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from resources_db.hsds.fields import OBJECTS, Field, Object
from resources_db.hsds.values import Plain
from resources_db.importers.batch import Batch, Checked
from resources_db.importers.identity import References, as_uuid

_STAND_ALONE = frozenset({"unit", "taxonomy", "taxonomy_term", "attribute", "metadata", "meta_table_description"})
_POINTING = {
    kind.name: [each for each in kind.fields if each.target or each.type == "link"] for kind in OBJECTS.values()
}
_PLAIN = {
    kind.name: [each for each in kind.fields if not each.target and each.type not in ("id", "link")]
    for kind in OBJECTS.values()
}
_MUST = {
    kind.name: frozenset(each.column for each in kind.references if kind.must_have(each)) for kind in OBJECTS.values()
}
_OWNERS = {kind.name: [each.column for each in kind.references] for kind in OBJECTS.values()}
Found = Mapping[tuple[str, str], str]


@dataclass(slots=True)
class Linked:
    """A record with our ids everywhere (as text); `values` are by column."""

    kind: str
    id: str
    values: dict[str, Plain]
    checked: Checked
    secret: bool = False
    """Its place is confidential: what it was before must not be repeated."""


def link(references: References, batch: Batch, kind: Object, records: Sequence[Checked]) -> list[Linked]:
    """The records whose references lead somewhere; the others are refused."""
    pointing = _POINTING[kind.name]
    found = _found(references, pointing, records)
    linked = []
    for record in records:
        values = _values(record, kind, pointing, batch, found)
        if values is not None:
            linked.append(Linked(kind.name, record.own, values, record))
    return linked


def columns(record: Checked, kind: Object) -> dict[str, Plain]:
    """The values by column, without references."""
    values = record.values
    return {each.column: values[each.name] for each in _PLAIN[kind.name] if each.name in values}


def _found(references: References, pointing: Sequence[Field], records: Sequence[Checked]) -> Found:
    wanted: dict[str, set[str]] = defaultdict(set)
    for record in records:
        for each in pointing:
            if text := record.text(each.name):
                for kind in _kinds(record, each):
                    wanted[kind].add(text)
    return {(kind, text): own for kind, texts in wanted.items() for text, own in references.find(kind, texts).items()}


def _kinds(record: Checked, each: Field) -> Sequence[str]:
    """What a reference may mean. Attributes and metadata say themselves which object they are about."""
    if each.target:
        return (each.target,)
    if each.name.startswith("parent_"):
        return (record.kind,)
    named = record.text("link_entity") or record.text("resource_type")
    return (named,) if named in OBJECTS else tuple(OBJECTS)


def _values(
    record: Checked, kind: Object, pointing: Sequence[Field], batch: Batch, found: Found
) -> dict[str, Plain] | None:
    """The columns of a record, or None when it was refused."""
    values = columns(record, kind)
    lost: list[tuple[str, str]] = []
    for each in pointing:
        text = record.text(each.name)
        if not text:
            continue
        own = next((own for name in _kinds(record, each) if (own := found.get((name, text)))), None)
        if own is None and each.name.startswith("parent_") and as_uuid(text):
            own = text.lower()  # a parent may be unknown here and still be right
        if own is not None:
            values[each.column] = own
        elif kind.must_have(each):
            batch.refuse(record, _why(batch, record, each, text), each.name, text)
            return None
        else:
            lost.append((each.name, text))
    if not _held(kind, values):
        name, text = lost[0] if lost else (pointing[0].name, "")
        batch.refuse(record, _why(batch, record, kind.field(name) or pointing[0], text), name, text)
        return None
    for name, text in lost:
        batch.warn(record, "link_dropped", name, text)
    return values


def _why(batch: Batch, record: Checked, each: Field, text: str) -> str:
    """A record that was refused takes its parts along: those are no mistakes of their own."""
    return "owner_left_out" if any(batch.barred((name, text)) for name in _kinds(record, each)) else "orphan"


def _held(kind: Object, values: Mapping[str, Plain]) -> bool:
    """Everything it cannot be without is there; a part is held by at least one record."""
    if not _MUST[kind.name] <= values.keys():
        return False
    alone = kind.top_level or kind.name in _STAND_ALONE
    return alone or any(column in values for column in _OWNERS[kind.name])
