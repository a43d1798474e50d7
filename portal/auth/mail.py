"""Mail about accounts (reset, changed password, used recovery code): through our outbox, in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_security import MailUtil

from i18n.catalog import current_language
from portal import db
from portal.auth import accounts, current
from portal.security import clean_text
from resources_db.base import new_id
from resources_db.vocab import Purpose

if TYPE_CHECKING:
    from portal.auth.accounts import Account


class OutboxMail(MailUtil):
    """Flask-Security's mail, handed to the outbox."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],  # noqa: ARG002 - the outbox knows the sender
        body: str | None,
        html: str | None,  # noqa: ARG002 - our mails are plain text
        **facts: object,
    ) -> None:
        """Queue one mail in the transaction of the form."""
        from messaging import outbox

        user: Account = facts["user"]  # type: ignore[assignment]
        session = accounts.session()
        member = current.load(session, user.id, None)
        if member is None:
            return
        outbox.enqueue_email(
            session,
            org_id=member.org_id,
            to=recipient if isinstance(recipient, str) else recipient[1],
            subject=str(subject),
            body=body or "",
            lang=current_language().code,
            purpose=Purpose.ACCOUNT,
            subject_kind="app_user",
            subject_id=user.id,
            dedupe_key=f"{template}:{new_id()}",
            now=db.now(),
        )
        accounts.keep()

    def normalize(self, email: str) -> str:
        """An address as accounts keep it; whether it exists is not said here."""
        return clean_text(email).strip().lower()

    def validate(self, email: str) -> str:
        """The same: an address that cannot receive mail is found out by the invitation."""
        return self.normalize(email)
