"""What each column of a file is: suggested, chosen, looked at in a preview, saved by name for the next file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from flask import abort, request, url_for

from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext
from portal import db, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.curation import import_store, import_words, mapping_files, mapping_form, tabs
from portal.curation.blueprint import blueprint
from portal.curation.mapping_files import NameTakenError
from portal.security import body_cap, clean_text
from resources_db.importers import mapping, mapping_fields, mapping_guess, mapping_preview, queue
from resources_db.importers.files import RefusedFileError
from resources_db.importers.mapping import BadMappingError
from resources_db.importers.queue import NotNowError
from resources_db.models.imports import ImportMapping

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.curation.mapping_form import MappingForm
    from resources_db.importers.mapping import FileMapping
    from resources_db.importers.mapping_preview import Preview, PreviewRow, Table
    from resources_db.importers.queue import Look
    from resources_db.importers.records import Problem

FORM_CAP: Final = 1024 * 1024
LONGEST_NAME: Final = 80
SAVE, ADD = "save", "add."
NAMES: Final = frozenset({"organization.name", "service.name"})
OWNERS: Final = (
    ("organization", lazy_gettext("The organization")),
    ("service", lazy_gettext("The service")),
    ("location", lazy_gettext("The place")),
    ("contact", lazy_gettext("The contact person")),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the file as it would stand in the directory."""

    title: str
    facts: list[tuple[str, str]]
    problems: list[Problem]


@blueprint.get("/imports/files/<uuid:job_id>/columns")
@needs("listing.map")
def import_columns(job_id: uuid.UUID) -> ResponseReturnValue:
    """The columns with what they were taken for: as saved for this file, else as they look."""
    with db.reading() as session:
        look = _standing(session, job_id)
        saved = session.get(ImportMapping, look.mapping_id) if look.mapping_id else None
        raw, name = (dict(saved.mapping), saved.name) if saved else ({}, look.source)
    found = _tables(look)
    if not raw:
        raw = _suggested(found, look.source)
    return _page(look, mapping_form.of_mapping(raw, found), name=name)


@blueprint.post("/imports/files/<uuid:job_id>/columns")
@needs("listing.map")
@body_cap(FORM_CAP)
def save_columns(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show the preview, give a column one more field, or save what was chosen and have the file read."""
    with db.reading() as session:
        look = _standing(session, job_id)
    found, go = _tables(look), request.form.get("go", "")
    name = " ".join(clean_text(request.form.get("name", "")).split())
    more = go.removeprefix(ADD) if go.startswith(ADD) else ""
    form = mapping_form.of_typed(request.form, found, more=more)
    if go != SAVE:
        return _page(look, form, name=name)
    problems = _problems(form, name)
    if problems:
        return _page(look, form, name=name, problems=problems, status=422)
    raw = mapping_form.to_mapping(form, look.source)
    try:
        mapping.from_json(raw)
        _save(look, found, raw, name)
    except BadMappingError as bad:
        problems["columns"] = bad.message
    except NameTakenError:
        problems["name"] = _("Other columns are saved under this name. Choose another name.")
    except NotNowError as refusal:
        return htmx.redirect(url_for("curation.imports"), toast=str(import_words.NOT_NOW[refusal.code]))
    if problems:
        return _page(look, form, name=name, problems=problems, status=422)
    return htmx.redirect(url_for("curation.import_file", job_id=job_id))


def _save(look: Look, found: list[Table], raw: Mapping[str, object], name: str) -> None:
    person = current.member()
    with db.transaction() as session:
        row = mapping_files.save(
            session,
            name=name,
            source=look.source,
            columns=mapping_files.header(found),
            raw=raw,
            by=person.user_id if person else None,
            now=db.now(),
        )
        queue.again(session, look.id, mapping_id=row.id, now=db.now())


def _problems(form: MappingForm, name: str) -> dict[str, str]:
    problems = {}
    targets = {entry.to for table in form.tables for column in table.columns for entry in column.entries}
    if not targets & NAMES:
        problems["columns"] = _("Say which column holds the name of the service or of the organization.")
    if not name:
        problems["name"] = _("Give these columns a name, such as that of the source.")
    elif len(name) > LONGEST_NAME:
        problems["name"] = _("Use at most %(num)s letters.", num=LONGEST_NAME)
    return problems


def _standing(session: Session, job_id: uuid.UUID) -> Look:
    look = queue.look(session, job_id, now=db.now())
    if look is None or not look.stored_as or look.at_work:
        abort(404)
    return look


def _tables(look: Look) -> list[Table]:
    try:
        return mapping_files.tables(import_store.path(look.stored_as))
    except (RefusedFileError, OSError):
        abort(404)


def _suggested(found: list[Table], source: str) -> dict[str, object]:
    """What the columns look like, each table for itself."""
    tables: list[object] = []
    for table in found:
        guess = mapping_guess.suggest_mapping(table.header, table.rows, source=source, file=table.file)
        guessed = guess.get("tables")
        tables += guessed if isinstance(guessed, list) else []
    return {"version": 1, "source": source, "tables": tables}


def _previewed(look: Look, form: MappingForm) -> tuple[Preview | None, str]:
    """The first rows as they would be read, or why that cannot be shown."""
    try:
        read: FileMapping = mapping.from_json(mapping_form.to_mapping(form, look.source))
        return mapping_preview.preview(import_store.path(look.stored_as), read), ""
    except BadMappingError as bad:
        return None, bad.message
    except RefusedFileError as refusal:
        return None, import_words.refused(refusal.code)


def _page(
    look: Look,
    form: MappingForm,
    *,
    name: str,
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    preview, trouble = _previewed(look, form)
    return htmx.render(
        "curation/import_columns.html",
        block="preview" if htmx.target() == "preview" else None,
        status=status,
        tabs=tabs.tabs("imports"),
        look=look,
        form=replace(form, problems=problems or {}),
        name=name,
        groups=_groups(),
        owners=[(value, str(words)) for value, words in OWNERS],
        preview=[_row(one) for one in preview.rows] if preview else [],
        opened=request.form.get("go", "").removeprefix(ADD),
        trouble=trouble,
    )


def _row(row: PreviewRow) -> Shown:
    """A row under the name of its service, else of its organization, else its line; parts of one kind together."""
    named = {record.kind: record.label for record in row.records if record.label}
    facts: dict[str, list[str]] = {}
    for record in row.records:
        for label, value in record.fields:
            facts.setdefault(label, []).extend([value] if value else [])
    title = named.get("service") or named.get("organization") or _("Line %(num)s", num=row.line)
    return Shown(
        title, [(label, ", ".join(dict.fromkeys(said))) for label, said in facts.items() if said], row.problems
    )


def _groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """What a column can be, in groups of plain words."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for choice in mapping_fields.choices():
        grouped.setdefault(choice.group_label, []).append((choice.to, choice.label))
    return list(grouped.items())
