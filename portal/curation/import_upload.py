"""Uploading a file to import: whose data it is, what holds for it, and the way on to its columns or its report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import request, url_for
from sqlalchemy import select, union

from i18n.catalog import gettext as _
from portal import db, htmx
from portal.auth.guards import needs
from portal.curation import import_store, import_words, mapping_files, tabs
from portal.curation.blueprint import blueprint
from portal.security import clean_text, takes_file
from resources_db.importers import formats, queue
from resources_db.importers.files import LARGEST_FILE, RefusedFileError
from resources_db.importers.formats import UnknownFormatError
from resources_db.importers.queue import Options
from resources_db.models.curation import ImportRun
from resources_db.models.imports import DirectorySource, ImportJob
from resources_db.tenancy import actor_of
from resources_db.vocab import ImportStage

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session
    from werkzeug.datastructures import FileStorage

LONGEST_SOURCE: Final = 80
OPTIONS: Final = ("full", "keep_notes", "placeholders")
ROOM_FOR_FIELDS: Final = 64 * 1024


@blueprint.get("/imports/new")
@needs("listing.import")
def new_import() -> ResponseReturnValue:
    """Which file, whose data it is, and what holds for it."""
    return _page({}, {})


@blueprint.post("/imports/new")
@needs("listing.import")
@takes_file(LARGEST_FILE + ROOM_FOR_FIELDS, folder=import_store.FOLDER)
def upload_import() -> ResponseReturnValue:
    """Keep the file and have it read; where its columns are not known yet, ask for them first."""
    upload = request.files.get("file")
    source = " ".join(clean_text(request.form.get("source", "")).split())
    problems = _problems(upload, source)
    if upload is None or problems:
        return _page(request.form, problems, status=422)
    stored_as = import_store.keep(upload)
    try:
        mapped, header = _recognised(stored_as)
    except (RefusedFileError, UnknownFormatError) as refusal:
        import_store.forget(stored_as)
        why = import_words.refused(refusal.code, getattr(refusal, "name", "") if _names_inside(refusal) else "")
        return _page(request.form, {"file": why}, status=422)
    except BaseException:
        import_store.forget(stored_as)
        raise
    asked = {"file_name": import_store.shown_name(upload), "source": source}
    with db.transaction() as session:
        known = mapping_files.saved_for(session, header, source) if mapped else None
        if mapped and known is None:
            job_id = _wait_for_columns(session, stored_as, **asked)
            return htmx.redirect(url_for("curation.import_columns", job_id=job_id))
        mapping_id = known.id if known else None
        job_id = queue.enqueue(session, stored_as, **asked, mapping_id=mapping_id, options=_options(), now=db.now())
    return htmx.redirect(url_for("curation.import_file", job_id=job_id))


def _problems(upload: FileStorage | None, source: str) -> dict[str, str]:
    problems = {}
    if upload is None or not upload.filename:
        problems["file"] = import_words.refused("no_file")
    if not source:
        problems["source"] = _("Say whose data this is, such as county-211.")
    elif len(source) > LONGEST_SOURCE:
        problems["source"] = _("Use at most %(num)s letters.", num=LONGEST_SOURCE)
    return problems


def _recognised(stored_as: str) -> tuple[bool, list[str]]:
    """Whether somebody must say what the columns are, with all their names; raises what refuses the file."""
    path = import_store.path(stored_as)
    if not path.stat().st_size:
        raise RefusedFileError("empty")
    if path.suffix in import_store.TEXTS and not import_store.is_text(stored_as):
        raise RefusedFileError("not_text")
    try:
        formats.open_input(path)
    except UnknownFormatError as unknown:
        if unknown.code != import_words.COLUMNS_NEEDED:
            raise
        return True, mapping_files.header(mapping_files.tables(path))
    return False, []


def _names_inside(refusal: ValueError) -> bool:
    """Our own name of the file says nothing to people; that of a part of a zip does."""
    name = getattr(refusal, "name", "")
    return bool(name) and not (import_store.path(name)).exists()


def _wait_for_columns(session: Session, stored_as: str, *, file_name: str, source: str) -> uuid.UUID:
    """A row that waits until its columns are known: it is not read before."""
    asked = _options()
    job = ImportJob(
        file_name=file_name,
        stored_as=stored_as,
        source=source,
        options={"full": asked.full, "placeholders": asked.placeholders, "keep_notes": asked.keep_notes},
        stage=ImportStage.FAILED,
        problem=import_words.COLUMNS_NEEDED,
        created_at=db.now(),
        actor_id=actor_of(session).user_id,
    )
    session.add(job)
    session.flush()  # the address of its page needs the id
    return job.id


def _options() -> Options:
    return Options(**{name: name in request.form for name in OPTIONS})


def _page(typed: Mapping[str, str], problems: dict[str, str], *, status: int = 200) -> ResponseReturnValue:
    with db.reading() as session:
        known = union(select(DirectorySource.name), select(ImportRun.source))
        sources = sorted(session.scalars(known))
    return htmx.render(
        "curation/import_new.html",
        status=status,
        tabs=tabs.tabs("imports"),
        source=typed.get("source", ""),
        ticked=[name for name in OPTIONS if name in typed],
        problems=problems,
        sources=sources,
        most=LARGEST_FILE,
    )
