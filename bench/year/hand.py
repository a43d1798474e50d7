"""Collects rows of one person, table by table, with personal values sealed."""

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from resources_db import encryption
from resources_db.base import Base

Rows = dict[type[Base], list[Mapping[str, object]]]


@dataclass(slots=True)
class Hand:
    """Whose rows, led by whom, and where they are collected."""

    rows: Rows
    chance: random.Random
    org: uuid.UUID
    lead: uuid.UUID
    now: datetime
    patient: uuid.UUID
    phone: str

    def add(self, model: type[Base], **values: object) -> uuid.UUID:
        row_id = values.setdefault("id", uuid.uuid4())
        assert isinstance(row_id, uuid.UUID)
        self.rows[model].append({"org_id": self.org, **values})
        return row_id

    def seal(self, where: str, row: uuid.UUID, text: str) -> bytes:
        return encryption.vault().encrypt(text, where, self.org, row, None)
