"""Puts messaging together for this installation: the real provider, or the phone simulator with an account of its own.

Both go through the same client over HTTP; nothing below this module knows which one it is.
"""

from __future__ import annotations

import hashlib
import hmac
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from messaging.email_transport import mail_transport
from messaging.hooks import Hooks
from messaging.messenger import Messenger
from messaging.quiet_hours import PATIENT
from messaging.settings import Limits, ProviderSettings
from messaging.twilio_transport import TwilioTexts
from portal import text_settings
from portal.sms.carrier import Account, Carrier
from portal.sms.phone_store import PhoneStore

if TYPE_CHECKING:
    from pathlib import Path

    from portal.config import Settings
    from portal.wiring import Runtime

SIMULATOR_API = "/dev/twilio"
SIMULATOR_MAIL = "/dev/mail"
PHONE_FILE = "phone.sqlite"
PLENTY = Limits(200, 1_000, 200, 20_000, 2_000, 20_000, 100_000, 200)
PLENTY_A_SECOND = 100
"""In the demo a month passes in a minute: the everyday limits would only stop whoever tries it out."""


def messenger(runtime: Runtime) -> Messenger:
    """The messenger of this process."""
    provider = provider_settings(runtime)
    provider.timing.check()
    return Messenger(
        database=runtime.database,
        settings=provider,
        texts=TwilioTexts(provider),
        mails=mail_transport(provider),
        hooks=_hooks(),
        now=runtime.clock.now,
    )


def provider_settings(runtime: Runtime) -> ProviderSettings:
    """The account texts leave by; without one of its own, the demo uses that of the simulator."""
    settings = runtime.settings
    account = simulator_account(runtime)
    simulated = settings.simulator
    return ProviderSettings(
        account_sid=account.sid if simulated else settings.twilio_account_sid,
        auth_token=account.token if simulated else settings.twilio_auth_token,
        messaging_service_sid=account.service_sid if simulated else settings.twilio_messaging_service_sid,
        public_url=settings.public_url,
        api_base=settings.twilio_api_base or (settings.public_url + SIMULATOR_API if simulated else ""),
        mail_url=settings.smtp_url or (settings.public_url + SIMULATOR_MAIL if simulated else ""),
        mail_from=settings.mail_from,
        segments_per_second=PLENTY_A_SECOND if simulated else settings.sms_segments_per_second,
        advanced_opt_out=settings.advanced_opt_out,
        limits=text_settings.limits(settings.text_limits, PLENTY if simulated else Limits()),
        hours=text_settings.hours(settings.text_hours, PATIENT),
    )


def simulator_account(runtime: Runtime) -> Account:
    """The simulator's account, made from the demo's own key: the same after a restart, on both sides."""
    return Account(
        sid="AC" + _derived(runtime, "account"),
        token=_derived(runtime, "token"),
        service_sid="MG" + _derived(runtime, "service"),
        inbound_url=runtime.settings.public_url + "/sms/inbound",
        advanced_opt_out=runtime.settings.advanced_opt_out,
    )


def phone_company(runtime: Runtime) -> Carrier:
    """The simulated phone company with its own file beside the database."""
    store = PhoneStore(phone_file(runtime.settings))
    return Carrier(store, simulator_account(runtime), product_now=runtime.clock.now)


def phone_file(settings: Settings) -> Path:
    """Where the simulated phones keep their texts."""
    return settings.data_dir / PHONE_FILE


def _derived(runtime: Runtime, use: str) -> str:
    key = runtime.keys.cookie.encode()
    return hmac.new(key, f"phone simulator {use}".encode(), hashlib.sha256).hexdigest()[:32]


def _hooks() -> Hooks:
    # The module that knows referrals answers for them; a bare messenger still sends, stops and helps.
    if find_spec("referrals.hooks") is None:
        return Hooks()
    hooks = import_module("referrals.hooks").HOOKS
    assert isinstance(hooks, Hooks)
    return hooks
