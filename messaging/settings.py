"""What this package is told by wiring: the provider's account, where mail goes, the clocks and the limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from messaging.quiet_hours import PATIENT, Window

CLOCK_DIFFERENCE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Timing:
    """Times of the sending protocol. `grace` must outlast everything a live sender may still be doing."""

    fence: timedelta = timedelta(seconds=10)
    connect: timedelta = timedelta(seconds=5)
    read: timedelta = timedelta(seconds=10)
    grace: timedelta = timedelta(seconds=120)
    look_again: timedelta = timedelta(seconds=60)
    overdue: timedelta = timedelta(minutes=2)

    def check(self) -> None:
        """Raises ValueError when the grace time could end while a slow sender is still about to post."""
        needed = self.fence + self.connect + self.read + CLOCK_DIFFERENCE
        if self.grace < needed:
            msg = f"the grace time must be at least {int(needed.total_seconds())} seconds"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be sent to a number, and by a person, a care team, an org and the site; parts are segments.

    The 30-day figure is the one promised in the welcome text.
    """

    number_a_day: int = 3
    number_in_30_days: int = 6
    agency_number_a_day: int = 6
    org_segments_a_day: int = 2_000
    user_a_day: int = 200
    team_parts_a_day: int = 1_000
    site_parts_a_day: int = 10_000
    replies_a_day: int = 20


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """The text provider's account and the mail server. `api_base` empty means the provider's real host."""

    account_sid: str
    auth_token: str = field(repr=False)
    messaging_service_sid: str
    public_url: str
    api_base: str = ""
    previous_auth_token: str = field(default="", repr=False)
    segments_per_second: float = 100.0
    """What the sender may send; for a real one the registration of its campaign says how much."""
    advanced_opt_out: bool = False
    """The provider answers STOP, START and HELP by itself; we record and do not answer."""
    mail_url: str = field(default="", repr=False)
    mail_from: str = ""
    timing: Timing = field(default_factory=Timing)
    limits: Limits = field(default_factory=Limits)
    hours: Window = PATIENT
    """When texts to patients may arrive, by their own clock."""

    def status_url(self, token: str, attempt: int) -> str:
        """Where the provider reports on this attempt; more retries than its default of one are asked for."""
        return f"{self.public_url}/sms/status?t={token}&a={attempt}#rc=5&rp=all"
