"""Anchors of the audit chains: their heads, kept elsewhere, because a chain does not see that its end was cut off."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from resources_db.audit import Break
from resources_db.models.access import AuditEvent, AuditHead

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session


def write(session: Session, file: Path, *, now: datetime) -> int:
    """Append the heads of all chains to `file`, one JSON line each; returns how many."""
    heads = session.scalars(select(AuditHead).order_by(AuditHead.chain)).all()
    lines = [
        json.dumps({"at": now.isoformat(), "chain": head.chain, "seq": head.seq, "mac": head.mac.hex()})
        for head in heads
    ]
    with file.open("a", encoding="ascii") as out:
        out.writelines(f"{line}\n" for line in lines)
    return len(lines)


def compare(session: Session, file: Path) -> list[Break]:
    """Where the database does not hold what was anchored: cut, replaced, or older than the anchor."""
    faults = []
    for chain, (seq, mac) in _latest(file).items():
        row = session.scalar(select(AuditEvent).where(AuditEvent.chain == chain, AuditEvent.seq == seq))
        if row is None:
            faults.append(Break(chain, seq, "older than the anchor, or cut"))
        elif row.mac.hex() != mac:
            faults.append(Break(chain, seq, "replaced"))
    return faults


def _latest(file: Path) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    for line in file.read_text(encoding="ascii").splitlines():
        said = json.loads(line)
        if int(said["seq"]) >= found.get(said["chain"], (0, ""))[0]:
            found[said["chain"]] = (int(said["seq"]), str(said["mac"]))
    return found
