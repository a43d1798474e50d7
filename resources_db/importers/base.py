"""An import from file to tables: open, read, check, link and compare make the plan; then it is applied.

A dry run is the same code. Everything happens in the caller's one transaction; only the edge commits.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from resources_db import audit, confidentiality
from resources_db.hsds.fields import OBJECTS, Object
from resources_db.importers import applying, beside, compare, derive, formats, hiding, linking, proposing
from resources_db.importers.checked import Batch, check
from resources_db.importers.compare import Change, Marks
from resources_db.importers.linking import as_uuid, identity
from resources_db.importers.mapping import FileMapping
from resources_db.importers.records import Problem, Severity
from resources_db.models.curation import ImportChange, ImportRun
from resources_db.repositories import confidential
from resources_db.tenancy import Actor
from resources_db.vocab import ConfirmMethod, ImportAction, ImportState

Progress = Callable[[str, int], None]
"""Told the stage (reading, comparing, writing) and how many records it has done."""

MOST_ERRORS, MOST_WITHDRAWN = 0.20, 0.10
_KEPT_PROBLEMS = 5_000
_DONE = (ImportAction.CREATE, ImportAction.UPDATE, ImportAction.WITHDRAW, ImportAction.SKIP)


@dataclass(slots=True)
class Plan:
    """What an import would do, and everything a person should see first."""

    source: str
    format: str
    file_name: str
    file_hash: str
    rows: int
    changes: list[Change]
    problems: list[Problem]
    hidden: hiding.Hiding
    missing: int = 0
    mapping: dict[str, object] = field(default_factory=dict)

    def counts(self) -> dict[str, dict[str, int]]:
        """Per object and action."""
        counted: dict[str, Counter[str]] = defaultdict(Counter)
        for change in self.changes:
            counted[change.kind][change.action.value] += 1
        return {kind: dict(counted[kind]) for kind in OBJECTS if kind in counted}

    def total(self, action: ImportAction) -> int:
        return sum(change.action == action for change in self.changes)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == Severity.ERROR]

    @property
    def needs_second_look(self) -> bool:
        """More than a fifth of the rows wrong, or more than a tenth of the source withdrawn."""
        standing = sum(change.action != ImportAction.CREATE for change in self.changes)
        withdrawn = self.total(ImportAction.WITHDRAW)
        return len(self.errors) > MOST_ERRORS * max(self.rows, 1) or withdrawn > MOST_WITHDRAWN * max(standing, 10)


def plan(
    session: Session,
    path: Path,
    *,
    source: str = "",
    format_name: str = "",
    mapping: FileMapping | None = None,
    full: bool = False,
    progress: Progress = lambda _stage, _count: None,
) -> Plan:
    """Read and compare, write nothing. Raises RefusedFileError or UnknownFormatError."""
    opened = formats.open_input(path, format_name=format_name, mapping=mapping)
    named = source or (mapping.source if mapping else path.stem)
    batch = check(opened.reader.read(), lambda count: progress("reading", count))
    derive.derive(batch)
    linked = linking.link(session, batch, named)
    hidden = hiding.hide(session, linked)
    quoted = [replace(one, value="") if one.where in hidden.lines else one for one in batch.problems]
    marks = compare.load_marks(session)
    changes: list[Change] = []
    for done, one in enumerate(linked, start=1):
        changes.append(compare.compare(one, marks))
        progress("comparing", done)
    gone, missing = _missing(session, batch, changes, named, marks, full=full, parts=opened.reader.complete_parts)
    gone += _hidden_now(hidden)
    return Plan(
        source=named,
        format=opened.reader.name,
        file_name=path.name,
        file_hash=opened.source.hash(),
        rows=batch.rows,
        changes=changes + gone,
        problems=quoted,
        hidden=hidden,
        missing=missing,
        mapping=dict(mapping.raw) if mapping else {},
    )


def record_dry_run(session: Session, planned: Plan, *, actor: Actor, now: datetime) -> ImportRun:
    """Keep the plan's report, change nothing."""
    return _run(session, planned, ImportState.PLANNED, actor, now)


def apply(
    session: Session,
    planned: Plan,
    *,
    actor: Actor,
    now: datetime,
    progress: Progress = lambda _stage, _count: None,
) -> ImportRun:
    """Do what the plan says. The plan must come from the same transaction: nothing can have changed in between."""
    run = _run(session, planned, ImportState.APPLIED, actor, now)
    applying.apply(session, planned.changes, planned.source, now=now)
    beside.take_in(session, _told_beside(planned.changes), now=now)
    for location_id, place in planned.hidden.places.items():
        confidential.put(session, location_id, place, now=now)
    proposing.propose_kept(session, planned.changes, planned.source, now=now)
    rows = [_change_row(run.id, change) for change in planned.changes if change.action in _DONE]
    if rows:
        session.execute(insert(ImportChange), rows)
    for location_id in sorted(planned.hidden.turned):  # after everything was written down
        confidentiality.enforce(session, location_id, now=now)
    progress("writing", len(rows))
    audit.record(session, action="import.applied", subject_kind="import_run", subject_id=run.id, now=now)
    session.flush()
    return run


def _told_beside(changes: Iterable[Change]) -> Iterator[beside.Holder]:
    for change in changes:
        if change.linked is not None and change.action in (ImportAction.CREATE, ImportAction.UPDATE):
            yield change.kind, change.id, change.linked.checked.extra


def _run(session: Session, planned: Plan, state: ImportState, actor: Actor, now: datetime) -> ImportRun:
    warned = Counter(one.code for one in planned.problems if one.severity == Severity.WARNING)
    run = ImportRun(
        source=planned.source,
        file_name=planned.file_name,
        file_hash=planned.file_hash,
        format=planned.format,
        mapping=planned.mapping,
        counts={
            "rows": planned.rows,
            "objects": planned.counts(),
            "warnings": dict(warned),
            "missing": planned.missing,
        },
        problems=[problem.as_row() for problem in planned.problems[:_KEPT_PROBLEMS]],
        state=state,
        started_at=now,
        applied_at=now if state == ImportState.APPLIED else None,
        actor_id=actor.user_id,
    )
    session.add(run)
    session.flush()  # the changes point at it
    return run


def _change_row(run_id: uuid.UUID, change: Change) -> dict[str, object]:
    return {
        "id": uuid.uuid4(),
        "run_id": run_id,
        "kind": change.kind,
        "record_id": change.id,
        "action": change.action,
        "before": change.before or None,
        "after": {**change.after, **change.kept} or None,
        "reason": change.reason,
    }


def _missing(
    session: Session,
    batch: Batch,
    changes: Sequence[Change],
    source: str,
    marks: Marks,
    *,
    full: bool,
    parts: bool,
) -> tuple[list[Change], int]:
    """Records of this source that the file no longer has: withdrawn if the file is said to be complete.

    A part (a phone, an hours row) goes when its owner is in the file without it, if the format lists all parts.
    """
    seen = {(change.kind, change.id) for change in changes}
    seen |= {(kind, as_uuid(text) or identity(source, kind, text)) for kind, text in batch.bad_keys}
    gone: list[Change] = []
    missing = 0
    for kind in OBJECTS.values():
        rows = _standing(session, kind, source)
        lost = [row for row in rows if (kind.name, row[0]) not in seen]
        if kind.top_level:
            missing += len(lost)
        if full or (parts and not kind.top_level and any(change.kind == kind.name for change in changes)):
            gone += [_gone(kind, row) for row in lost if full or any((kind_, one) in seen for kind_, one in row[1])]
    return [one for one in gone if not _vouched(one, marks)], missing


def _vouched(change: Change, marks: Marks) -> bool:
    """Did a person vouch for the group this part belongs to, on a record that holds it?"""
    kind = OBJECTS[change.kind]
    groups = {each.group for each in kind.fields if each.group}
    owners = [change.id] if kind.top_level else [uuid.UUID(str(owner)) for owner in change.before.values()]
    return any((owner, group) in marks for owner in owners for group in groups)


def _hidden_now(hidden: hiding.Hiding) -> list[Change]:
    """Addresses that stood in public until their place became confidential. What they said is not repeated."""
    return [
        Change(
            one.kind,
            one.id,
            ImportAction.WITHDRAW,
            before={"location_id": one.values["location_id"]},
            reason="confidential",
        )
        for one in hidden.dropped
        if one.row is not None
    ]


def _standing(session: Session, kind: Object, source: str) -> list[tuple[uuid.UUID, list[tuple[str, uuid.UUID]]]]:
    """Ids of this source's records with the records that hold them."""
    columns = kind.model.__table__.c
    owners = kind.references
    stmt = select(columns.id, *(columns[ref.column] for ref in owners)).where(columns.source == source)
    if kind.top_level:
        # What a person confirmed is not withdrawn because a source forgot it.
        only_source = or_(columns.confirmed_at.is_(None), columns.confirmed_method == ConfirmMethod.IMPORT)
        stmt = stmt.where(columns.deleted_at.is_(None), only_source)
    found = []
    for row_id, *held in session.execute(stmt):
        found.append((row_id, [(ref.target, one) for ref, one in zip(owners, held, strict=True) if one]))
    return found


def _gone(kind: Object, row: tuple[uuid.UUID, list[tuple[str, uuid.UUID]]]) -> Change:
    targets = {ref.target: ref.column for ref in kind.references}
    before = {targets[target]: str(owner) for target, owner in row[1]}
    return Change(kind.name, row[0], ImportAction.WITHDRAW, before=dict(before), reason="missing_from_file")
