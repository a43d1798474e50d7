"""What the status page tells: each part of the installation, whether it works, and what to do if not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from referrals import follow_up
from resources_db import migrate
from resources_db.models.access import Setting
from resources_db.models.messages import Message
from resources_db.tenancy import system
from resources_db.vocab import MessageState

if TYPE_CHECKING:
    from portal.wiring import Runtime

GOOD, LOOK, BAD = "good", "warn", "stop"


@dataclass(frozen=True, slots=True)
class Check:
    """One part: `family` is good, warn or stop."""

    family: str
    what: str
    words: str


def checks(runtime: Runtime) -> list[Check]:
    """All parts, in the order an operator would look."""
    return [
        _schema(runtime),
        _texts(runtime),
        _waiting(runtime),
        _unheard(runtime),
        _mail(runtime),
        _anchor(runtime),
        *_restored(runtime),
    ]


def _schema(runtime: Runtime) -> Check:
    kind = _("SQLite, on this machine") if runtime.database.is_sqlite else _("PostgreSQL")
    try:
        migrate.require_head(runtime.database.engine)
    except (migrate.SchemaError, SQLAlchemyError):
        return Check(BAD, _("Database"), _("The schema does not fit. Run: handrail db upgrade"))
    return Check(GOOD, _("Database"), kind)


def _texts(runtime: Runtime) -> Check:
    if runtime.settings.simulator:
        return Check(LOOK, _("Texts"), _("The phone simulator stands in: no real texts are sent."))
    if runtime.settings.has_twilio:
        return Check(GOOD, _("Texts"), _("Sent through Twilio."))
    return Check(LOOK, _("Texts"), _("Off: no Twilio account is set. Referrals can be printed or read aloud."))


def _waiting(runtime: Runtime) -> Check:
    doubtful = [MessageState.UNKNOWN, MessageState.SENDING]
    with runtime.database.reading(system()) as session:
        n = session.scalar(select(func.count()).select_from(Message).where(Message.state.in_(doubtful))) or 0
    words = ngettext("%(num)s text is being looked into", "%(num)s texts are being looked into", n)
    return Check(LOOK if n else GOOD, _("Texts in doubt"), words)


def _unheard(runtime: Runtime) -> Check:
    """Referrals that cannot end because our notices do not reach the agency."""
    with runtime.database.reading(system()) as session:
        n = follow_up.unheard(session, now=runtime.clock.now())
    if not n:
        return Check(GOOD, _("Notices to agencies"), _("No referral is kept open because notices do not arrive."))
    words = ngettext(
        "%(num)s referral stays open because our notices do not reach the agency. Look at mail and texts.",
        "%(num)s referrals stay open because our notices do not reach the agency. Look at mail and texts.",
        n,
    )
    return Check(BAD, _("Notices to agencies"), words)


def _mail(runtime: Runtime) -> Check:
    if runtime.settings.smtp_url:
        return Check(GOOD, _("Mail"), _("A mail server is set."))
    return Check(LOOK, _("Mail"), _("No mail leaves: HANDRAIL_SMTP_URL is not set."))


def _anchor(runtime: Runtime) -> Check:
    if runtime.settings.audit_anchor:
        return Check(GOOD, _("Audit anchor"), _("The ends of the audit chains are kept elsewhere too."))
    family = LOOK if runtime.settings.demo else BAD
    return Check(
        family, _("Audit anchor"), _("Not set: a cut end of the audit trail cannot be seen. Set HANDRAIL_AUDIT_ANCHOR.")
    )


def _restored(runtime: Runtime) -> list[Check]:
    with runtime.database.reading(system()) as session:
        found = session.get(Setting, "restored")
    if found is None:
        return []
    return [
        Check(
            LOOK,
            _("Backup"),
            _("This database was restored from a backup. Texts that were on their way were not sent again."),
        )
    ]
