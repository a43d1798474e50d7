"""The installation's folder for files to import: takes an uploaded file in, looks at it once, throws it away."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from portal import uploads
from portal.security import clean_text
from resources_db.base import new_id

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

FOLDER: Final = "imports"
SUFFIXES: Final = frozenset(
    {".csv", ".tsv", ".txt", ".json", ".ndjson", ".jsonl", ".zip", ".xlsx", ".xlsm", ".xls", ".ods", ".xml"}
)
"""Endings that readers go by. Any other is left off, so that nothing of a stranger's name is a name of ours."""
TEXTS: Final = (".csv", ".tsv", ".txt", ".json", ".ndjson", ".jsonl")
LONGEST_NAME: Final = 120
BEGIN: Final = 64 * 1024
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


def shown_name(upload: FileStorage) -> str:
    """The file's name for people: the last part of what the browser sent, without controls."""
    last = PurePosixPath((upload.filename or "").replace("\\", "/")).name
    shown = "".join(letter for letter in clean_text(last) if letter.isprintable()).strip()
    return shown[-LONGEST_NAME:]


def keep(upload: FileStorage) -> str:
    """Give an arrived file a name of its own in the folder, without copying it; gives that name."""
    suffix = PurePosixPath(shown_name(upload)).suffix.lower()
    stored_as = f"{new_id()}{suffix if suffix in SUFFIXES else ''}"
    upload.stream.flush()
    os.link(upload.stream.name, path(stored_as))
    return stored_as


def path(stored_as: str) -> Path:
    """Where a kept file lies. Takes names from our own rows only."""
    return uploads.folder(FOLDER) / Path(stored_as).name


def is_text(stored_as: str) -> bool:
    """Whether a file that says it is a table of text can be one: pictures and programs hold zero bytes."""
    with path(stored_as).open("rb") as file:
        begin = file.read(BEGIN)
    return begin.startswith(UTF_16) or b"\0" not in begin


def forget(stored_as: str) -> None:
    """Throw a file away that was refused."""
    path(stored_as).unlink(missing_ok=True)
