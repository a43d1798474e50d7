"""Files that people send: where a view takes large ones they go to its folder as they arrive, never into memory."""

from __future__ import annotations

import tempfile
from typing import IO, TYPE_CHECKING, Final

from flask import current_app
from htmx_flask.requests import HtmxAwareRequest

from portal import db

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from flask import Flask

ARRIVING: Final = ".arriving-"
"""Begin of the name of a file on its way in. It goes away with its request unless the view gives it a name."""


class Request(HtmxAwareRequest):  # type: ignore[misc]
    """A request whose file, for a view that takes one, lies in the installation's own folder."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        view = current_app.view_functions.get(self.endpoint or "")
        name: str | None = getattr(view, "upload_folder", None)
        if name is None:
            usual: IO[bytes] = super()._get_file_stream(total_content_length, content_type, filename, content_length)
            return usual
        return tempfile.NamedTemporaryFile(dir=folder(name), prefix=ARRIVING)


def folder(name: str) -> Path:
    """A folder of the installation for files of one kind, open to nobody else."""
    path = db.runtime().settings.data_dir / name
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def large_paths(app: Flask) -> Mapping[str, int]:
    """Addresses that take large files, with how many bytes: for the server, which reads a body before the app does."""
    caps: dict[str, int] = {}
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if hasattr(view, "upload_folder") and not rule.arguments:
            caps[rule.rule] = getattr(view, "body_cap", 0)
    return caps
