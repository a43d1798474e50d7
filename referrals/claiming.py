"""Mails the code with which an agency account shows that a record of the directory is its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from i18n.catalog import current_language, spoken_by_staff, use_language
from i18n.catalog import gettext as _
from messaging import outbox
from referrals.mails import Mail
from resources_db import claims
from resources_db.vocab import Purpose

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.models.tenants import Org
    from resources_db.models.upkeep import ListingClaim


def ask(
    session: Session, org: Org, organization_id: uuid.UUID, mail: str, *, language: str, now: datetime
) -> ListingClaim:
    """Claim an organization; the code goes out where the address fits. Raises claims.ClaimError, BadFieldError."""
    asked = claims.ask(session, org=org, organization_id=organization_id, mail=mail, now=now)
    if asked.code:
        letter = _letter(language, org.name, asked.code)
        outbox.enqueue_email(
            session,
            org_id=org.id,
            to=asked.claim.mailed_to,
            subject=letter.subject,
            body=letter.body,
            lang=letter.language,
            purpose=Purpose.CODE,
            subject_kind="listing_claim",
            subject_id=asked.claim.id,
            dedupe_key=f"listing_claim:{asked.claim.id}",
            now=now,
        )
    return asked.claim


def _letter(language: str, account: str, digits: str) -> Mail:
    with use_language(spoken_by_staff(language)):
        subject = _("Your code for your listings")
        body = _(
            "%(code)s is the code for the account “%(account)s”. With it that account can edit your listings in the "
            "directory. It works for 30 minutes. If you do not know this account, do not give the code to anybody.",
            code=digits,
            account=account,
        )
        return Mail(subject, body, current_language().code, Purpose.CODE)
