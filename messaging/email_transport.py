"""Mail, by SMTP or handed over by HTTP (the demo's inbox).

The Message-ID comes from our row: sent again, it is the same mail.
"""

from __future__ import annotations

import smtplib
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import requests

from messaging.transport import Accepted, NotSent, Outcome, OutgoingMail, Refused, Unknown

if TYPE_CHECKING:
    from urllib.parse import SplitResult

    from messaging.settings import ProviderSettings
    from messaging.transport import MailTransport

PORT = {"smtp": 587, "smtps": 465}
PERMANENT = 500
SERVER_FAULT = 500
REFUSED_FROM = 400


def mail_transport(settings: ProviderSettings) -> MailTransport:
    """The transport for the configured address: smtp, smtps, http(s); none configured means no mail leaves."""
    scheme = urlsplit(settings.mail_url).scheme
    if scheme in PORT:
        return SmtpMail(settings)
    return HttpMail(settings) if scheme in {"http", "https"} else NoMail()


class NoMail:
    """No mail server is set: every mail fails at once, so that staff see it and call instead."""

    def send(self, mail: OutgoingMail) -> Outcome:  # noqa: ARG002 - the protocol's signature
        """Refuse."""
        return Refused("no_mail_server")


class SmtpMail:
    """A MailTransport over SMTP with TLS."""

    def __init__(self, settings: ProviderSettings) -> None:
        self._url = urlsplit(settings.mail_url)
        self._from = settings.mail_from
        self._timeout = settings.timing.read.total_seconds()

    def send(self, mail: OutgoingMail) -> Outcome:
        """Hand one mail over; never raises for what a network or a server can do."""
        try:
            server = _connect(self._url, self._timeout)
        except (OSError, smtplib.SMTPException) as fault:
            return NotSent(type(fault).__name__)
        with server:
            return self._hand_over(server, mail)

    def _hand_over(self, server: smtplib.SMTP, mail: OutgoingMail) -> Outcome:
        try:
            server.send_message(_letter(mail, self._from))
        except smtplib.SMTPRecipientsRefused:
            return Refused("recipient_refused")
        except smtplib.SMTPResponseException as answer:
            return Refused(f"smtp_{answer.smtp_code}") if answer.smtp_code >= PERMANENT else NotSent("smtp_later")
        except (OSError, smtplib.SMTPException) as fault:
            return Unknown(type(fault).__name__)
        return Accepted(f"mail-{mail.message_id}")


class HttpMail:
    """A MailTransport that posts the mail as JSON; the receiver keeps one mail for each Message-ID."""

    def __init__(self, settings: ProviderSettings) -> None:
        self._url = settings.mail_url
        self._from = settings.mail_from
        self._auth = (settings.account_sid, settings.auth_token)
        timing = settings.timing
        self._timeout = (timing.connect.total_seconds(), timing.read.total_seconds())

    def send(self, mail: OutgoingMail) -> Outcome:
        """Hand one mail over."""
        letter = {
            "message_id": str(mail.message_id),
            "from": self._from,
            "to": mail.to,
            "subject": mail.subject,
            "body": mail.body,
            "lang": mail.lang,
        }
        try:
            answer = requests.post(self._url, json=letter, auth=self._auth, timeout=self._timeout)
        except requests.exceptions.RequestException as fault:
            return Unknown(type(fault).__name__)
        if answer.status_code >= SERVER_FAULT:
            return Unknown(f"http_{answer.status_code}")
        if answer.status_code >= REFUSED_FROM:
            return Refused(f"http_{answer.status_code}")
        return Accepted(f"mail-{mail.message_id}")


def _connect(url: SplitResult, timeout: float) -> smtplib.SMTP:
    host, port = url.hostname or "localhost", url.port or PORT[url.scheme]
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=timeout, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port, timeout=timeout)
        if server.has_extn("starttls") or url.username:
            server.starttls(context=ssl.create_default_context())
    if url.username:
        server.login(unquote(url.username), unquote(url.password or ""))
    return server


def _letter(mail: OutgoingMail, sender: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = mail.to
    letter["Subject"] = mail.subject
    letter["Date"] = format_datetime(datetime.now(UTC))
    letter["Message-ID"] = f"<{mail.message_id}@{sender.rpartition('@')[2] or 'localhost'}>"
    letter["Content-Language"] = mail.lang
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(mail.body)
    return letter
