"""The audit trail: one hash-chained row for each thing worth knowing, in the transaction of the action itself.

If the row cannot be written the action fails too (ASVS 16.5.3). Rows hold ids and codes, never personal values.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from resources_db import encryption
from resources_db.models.access import AuditEvent, AuditHead
from resources_db.tenancy import actor_of

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.base import JsonDict

INSTALLATION = "installation"
FIRST_MAC = b"\0" * 32


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold: which chain, at which row, and how."""

    chain: str
    seq: int
    what: str


def record(
    session: Session,
    *,
    action: str,
    subject_kind: str,
    subject_id: uuid.UUID | str,
    now: datetime,
    outcome: str = "ok",
    reason: str | None = None,
    detail: JsonDict | None = None,
    org_id: uuid.UUID | None = None,
) -> AuditEvent:
    """Append one row to the chain of the actor's org (or of the installation) and give it back."""
    actor = actor_of(session)
    org = org_id or actor.org_id
    chain = str(org) if org else INSTALLATION
    head = _locked_head(session, chain)
    row = AuditEvent(
        chain=chain,
        seq=head.seq + 1,
        at=now,
        org_id=org,
        actor_kind=actor.kind.value,
        actor_id=actor.user_id,
        action=action,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        outcome=outcome,
        reason=reason,
        detail=detail or {},
        prev_mac=head.mac,
        mac=b"",
    )
    row.mac = _mac(row)
    head.seq, head.mac = row.seq, row.mac
    session.add(row)
    session.flush()  # the next row of this transaction chains to this one
    return row


def verify(session: Session) -> list[Break]:
    """Every break of every chain: rows edited, missing, out of order, or a head that names another last row."""
    heads = {head.chain: head for head in session.scalars(select(AuditHead))}
    chains = {*heads, *session.scalars(select(AuditEvent.chain).distinct())}
    return [fault for chain in sorted(chains) for fault in _verify_chain(session, chain, heads.get(chain))]


def _verify_chain(session: Session, chain: str, head: AuditHead | None) -> list[Break]:
    faults, seq, mac = [], 0, FIRST_MAC
    rows = session.scalars(select(AuditEvent).where(AuditEvent.chain == chain).order_by(AuditEvent.seq)).yield_per(1000)
    for row in rows:
        if row.seq != seq + 1:
            faults.append(Break(chain, seq + 1, "missing"))
        elif row.prev_mac != mac:
            faults.append(Break(chain, row.seq, "unchained"))
        if not hmac.compare_digest(row.mac, _mac(row)):
            faults.append(Break(chain, row.seq, "edited"))
        seq, mac = row.seq, row.mac
    if head is None or (head.seq, head.mac) != (seq, mac):
        faults.append(Break(chain, seq, "cut"))
    return faults


def _locked_head(session: Session, chain: str) -> AuditHead:
    head = session.scalars(select(AuditHead).where(AuditHead.chain == chain).with_for_update()).one_or_none()
    if head is None:
        head = AuditHead(chain=chain, seq=0, mac=FIRST_MAC)
        session.add(head)
    return head


def _mac(row: AuditEvent) -> bytes:
    facts = {
        "chain": row.chain,
        "seq": row.seq,
        "at": row.at.isoformat(),
        "org": str(row.org_id) if row.org_id else None,
        "actor": [row.actor_kind, str(row.actor_id) if row.actor_id else None],
        "action": row.action,
        "subject": [row.subject_kind, row.subject_id],
        "outcome": [row.outcome, row.reason],
        "detail": row.detail,
    }
    canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(encryption.vault().ring.audit, row.prev_mac + canonical.encode(), hashlib.sha256).digest()
