"""How the databases are opened, seen from outside."""

import subprocess
import sys

OPENED = """
from resources_db.engine import Database
with Database("sqlite:///opened.sqlite").writing() as session:
    for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
        print(session.connection().exec_driver_sql(f"PRAGMA {pragma}").scalar())
"""


def test_a_commit_on_sqlite_waits_for_the_disk_and_a_writer_for_another_one(tmp_path):
    """In a program of its own: this test run itself does not wait for the disk."""
    told = subprocess.run([sys.executable, "-c", OPENED], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["wal", "2", "1", "5000"]
