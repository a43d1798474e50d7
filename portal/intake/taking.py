"""Whether anybody takes requests from the public: asked seldom, for every public page shows a button by it."""

from __future__ import annotations

import logging
import time
from typing import Final

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from portal import db
from referrals import takers
from referrals.takers import Taker
from resources_db.tenancy import system

log = logging.getLogger("handrail.intake")

_KEY: Final = "handrail_takers"
KNOWN_FOR_SECONDS: Final = 5.0


def all_of_them() -> tuple[Taker, ...]:
    """Every organization that takes requests, at most a few seconds old."""
    known: tuple[float, tuple[Taker, ...]] | None = current_app.extensions.get(_KEY)
    if known is not None and time.monotonic() < known[0]:
        return known[1]
    try:
        with db.reading(system()) as session:
            found = takers.takers(session)
    except SQLAlchemyError:  # a button is no reason to lose a page
        log.warning("who takes requests could not be read")
        return ()
    current_app.extensions[_KEY] = (time.monotonic() + KNOWN_FOR_SECONDS, found)
    return found


def is_open() -> bool:
    """Whether the button "Ask a care team for help" leads anywhere."""
    return bool(all_of_them())


def forget() -> None:
    """Somebody switched it: ask anew."""
    current_app.extensions.pop(_KEY, None)
