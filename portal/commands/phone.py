"""`handrail phone`: the phone simulator as a process of its own, for tests in which it must outlive the product."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import click

from portal.config import LOOPBACK

NEEDED = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_MESSAGING_SERVICE_SID", "HANDRAIL_PUBLIC_URL")


@click.command("phone")
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True, help="Port to listen on.")
@click.option(
    "--file", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where it keeps the texts."
)
def phone(port: int, file: Path) -> None:
    """Play the phone company on this machine, for a product started with TWILIO_API_BASE=http://127.0.0.1:PORT."""
    from portal.sms.carrier import Account, Carrier
    from portal.sms.phone_server import PhoneServer
    from portal.sms.phone_store import PhoneStore

    sid, token, service_sid, public_url = _account()
    carrier = Carrier(PhoneStore(file), Account(sid, token, service_sid, f"{public_url}/sms/inbound"))
    server = PhoneServer(carrier, port)
    carrier.start()
    click.echo(f"No real texts are sent. TWILIO_API_BASE={server.url}  (Ctrl-C stops it)")
    try:
        server.serve()
    except KeyboardInterrupt:
        carrier.stop()


def _account() -> tuple[str, str, str, str]:
    values = [os.environ.get(name, "").rstrip("/") for name in NEEDED]
    missing = [name for name, value in zip(NEEDED, values, strict=True) if not value]
    if missing:
        raise click.ClickException(
            f"Set {missing[0]} to the same value as the product's (made up, not a real account)."
        )
    if urlsplit(values[3]).hostname not in LOOPBACK:
        raise click.ClickException(
            "The phone simulator calls a product on this machine only: check HANDRAIL_PUBLIC_URL."
        )
    sid, token, service_sid, public_url = values
    return sid, token, service_sid, public_url
