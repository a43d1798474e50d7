"""Puts the parts of one process together: settings, keys, database, clock, search. Holds no rules."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from portal import keyfile
from portal.clock import Clock
from portal.search_tally import SearchTally
from portal.text_cost import Price
from portal.texting_state import Pause
from referrals import links
from resources_db import encryption, freshness
from resources_db.encryption import Vault
from resources_db.engine import Database
from resources_db.repositories.listing_memory import ListingMemory

if TYPE_CHECKING:
    from messaging.messenger import Messenger
    from portal.config import Settings
    from portal.keyfile import KeyFile
    from portal.sms.carrier import Carrier
    from search.engine import SearchEngine

EXTENSION = "handrail"


@dataclass(slots=True)
class Runtime:
    """What a process needs to work; one per app, in `app.extensions["handrail"]`."""

    settings: Settings
    keys: KeyFile
    database: Database
    vault: Vault
    clock: Clock
    search_tally: SearchTally = field(default_factory=SearchTally)
    listings: ListingMemory = field(default_factory=ListingMemory)
    languages_known_until: float = 0.0
    """Monotonic seconds until which this process need not ask again which languages are on (portal/languages.py)."""
    pause: Pause = field(default_factory=Pause)
    price: Price = field(default_factory=Price)
    _search: SearchEngine | None = None
    _messenger: Messenger | None = None
    _phone_company: Carrier | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def secret_key(self) -> str:
        """What signs forms: the operator's secret, or the demo's own."""
        return self.settings.secret_key or self.keys.cookie

    @property
    def search(self) -> SearchEngine:
        """The search engine, opened when first asked: commands that never search start faster."""
        with self._lock:
            if self._search is None:
                from search.engine import SearchEngine

                self._search = SearchEngine(self.settings.search_dir, standing=self.settings.standing)
            return self._search

    @property
    def messenger(self) -> Messenger:
        """What sends texts and mails, made when first asked."""
        from portal import texting

        with self._lock:
            if self._messenger is None:
                self._messenger = texting.messenger(self)
            return self._messenger

    @property
    def phone_company(self) -> Carrier:
        """The simulated phone company (demo only), made when first asked."""
        from portal import texting

        with self._lock:
            if self._phone_company is None:
                self._phone_company = texting.phone_company(self)
            return self._phone_company

    def open_keys(self) -> None:
        """Read every org's data key; raises EncryptionError when the key file does not fit this database."""
        with self.database.reading() as session:
            self.vault.load(session)

    def close(self) -> None:
        """Give back connections and files."""
        if self._phone_company is not None:
            self._phone_company.stop()
            self._phone_company.store.close()
        self.search_tally.stop()
        self.search_tally.write_down(self.database)
        self.database.close()


class _Process:
    runtime: Runtime | None = None


def build(settings: Settings) -> Runtime:
    """Make the parts. The demo makes its own key file; nothing is written to the database here."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if settings.demo and not settings.keys_path.exists():
        keyfile.create(settings.keys_path)
    keys = keyfile.load(settings.keys_path)
    vault = Vault(keys.ring)
    encryption.use(vault)
    links.use_base(settings.public_url)
    freshness.use_limits(settings.fresh_days, settings.ageing_days)
    offset = settings.data_dir / "demo-clock" if settings.demo else None
    runtime = Runtime(settings, keys, Database(settings.database_url), vault, Clock(offset))
    _Process.runtime = runtime
    return runtime


def of_process() -> Runtime:
    """The runtime of this process, for threads and commands that have no Flask app around them."""
    if _Process.runtime is None:
        msg = "nothing is wired yet"
        raise RuntimeError(msg)
    return _Process.runtime
