"""The sealed places of a plan: written, and taken back, without ever being opened."""

import base64
import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from resources_db import confidentiality
from resources_db.importers import steps
from resources_db.importers.hiding import PLACE, TURNED
from resources_db.models.curation import ImportRun
from resources_db.repositories import confidential
from resources_db.vocab import ImportAction

_ACTIONS = (ImportAction.CREATE, ImportAction.UPDATE)


def write(session: Session, run: ImportRun, *, now: datetime) -> None:
    """Put every sealed place of the plan where it belongs."""
    for action in _ACTIONS:
        for part in steps.of(session, run.id, PLACE, action):
            for step in part:
                _put(session, step.record_id, step.after, now)


def enforce(session: Session, run: ImportRun, *, now: datetime) -> None:
    """After everything was written down: what was told of places that are confidential from now on goes."""
    session.flush()
    for part in steps.of(session, run.id, TURNED, ImportAction.UPDATE):
        for step in part:
            confidentiality.enforce(session, step.record_id, now=now)


def take_back(session: Session, run: ImportRun, *, now: datetime) -> None:
    """Put back what was sealed before. What this import sealed first stays sealed: an undo never uncovers a place."""
    for part in steps.of(session, run.id, PLACE, ImportAction.UPDATE):
        for step in part:
            _put(session, step.record_id, step.before, now)


def _put(session: Session, location_id: uuid.UUID, values: Mapping[str, object], now: datetime) -> None:
    confidential.put_sealed(session, location_id, base64.b64decode(str(values["sealed"])), now=now)
