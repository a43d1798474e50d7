"""Tells this process which draft languages are switched on: looked up every few seconds, at once where it was changed.

Who switches them is `resources_db/languages.py`; which words a reader then gets is `i18n/catalog.py`.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from i18n import catalog
from resources_db import languages

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.wiring import Runtime

log = logging.getLogger(__name__.replace("portal", "handrail", 1))

KNOWN_FOR_SECONDS = 2.0


def refresh(runtime: Runtime) -> None:
    """Look again if the last look is old. A database that does not answer changes nothing."""
    if time.monotonic() < runtime.languages_known_until:
        return
    try:
        with runtime.database.reading() as session:
            take(runtime, session)
    except SQLAlchemyError:
        log.warning("which languages are switched on could not be read")


def refresh_now(runtime: Runtime) -> None:
    """Look again at once: something was switched."""
    runtime.languages_known_until = 0.0
    refresh(runtime)


def take(runtime: Runtime, session: Session) -> None:
    """Speak the languages that are on, as this session sees it."""
    catalog.switch_on(languages.switched_on(session))
    runtime.languages_known_until = time.monotonic() + KNOWN_FOR_SECONDS
