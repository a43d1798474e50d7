"""`handrail`: refusals are one sentence and an exit code; the demo starts, stops and keeps its data."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from portal.cli import TOPICS, cli
from tests.conftest import ROOT

HANDRAIL = [sys.executable, "-m", "portal.cli"]


def environment(tmp_path, **more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HANDRAIL_", "TWILIO_"))}
    return {**kept, "HANDRAIL_DATA_DIR": str(tmp_path / "data"), "COLUMNS": "200", **more}


def handrail(*words, env, given=None):
    return subprocess.run(
        [*HANDRAIL, *words], cwd=ROOT, env=env, input=given, capture_output=True, text=True, check=False, timeout=90
    )


@pytest.fixture
def live(tmp_path):
    return environment(
        tmp_path,
        HANDRAIL_KEYS=str(tmp_path / "keys" / "k.json"),
        HANDRAIL_DATABASE_URL=f"sqlite:///{tmp_path / 'h.sqlite'}",
        HANDRAIL_SECRET_KEY="k3Jx8-fQ2zLr7Wm1Tn5Vb9Yd4Hs6Pc0Ga",
        HANDRAIL_PUBLIC_URL="https://help.clinic.example",
    )


def test_an_unsafe_start_is_one_sentence(tmp_path):
    done = handrail("run", env=environment(tmp_path, HANDRAIL_HOST="0.0.0.0"))
    assert done.returncode == 2
    assert "HANDRAIL_HOST" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_one_sentence_with_a_way_on(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = handrail("run", env=environment(tmp_path, PORT=str(port)))
    assert done.returncode == 3
    assert f"port {port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_real_installation_from_nothing_to_its_first_account(tmp_path, live):
    refused = handrail("db", "upgrade", env=live)
    assert (refused.returncode, "HANDRAIL_KEYS" in refused.stderr) == (2, True)
    assert handrail("keys", "init", env=live).returncode == 0
    again = handrail("keys", "init", env=live)
    assert (again.returncode, "exists already" in again.stderr) == (1, True)
    early = handrail("run", env=live)
    assert (early.returncode, "handrail db upgrade" in early.stderr) == (2, True)
    assert handrail("db", "upgrade", env=live).returncode == 0
    words = ["--email", "pat@clinic.example", "--name", "Pat Real", "--org", "Riverside Care", "--role"]
    weak = handrail("user", "create", *words, "care_admin", "--password-stdin", env=live, given="short\n")
    assert (weak.returncode, "15 characters" in weak.stderr) == (1, True)
    wrong = handrail("user", "create", *words, "curator", "--password-stdin", env=live, given="x\n")
    assert (wrong.returncode, "no role curator" in wrong.stderr) == (1, True)
    made = handrail(
        "user", "create", *words, "care_admin", "--password-stdin", env=live, given="seven quiet herons wade\n"
    )
    assert made.returncode == 0, made.stderr
    with create_engine(live["HANDRAIL_DATABASE_URL"]).connect() as connection:
        stored = connection.execute(text("SELECT password FROM app_user")).scalar_one()
    assert stored.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    demo = handrail("run", env={**live, "HANDRAIL_DEMO": "1", "HANDRAIL_PUBLIC_URL": ""})
    assert demo.returncode == 2
    assert "real accounts" in demo.stderr
    assert handrail("keys", "rotate", env=live).returncode == 0
    assert handrail("audit", "verify", env=live).returncode == 0
    assert handrail("backup", str(tmp_path / "b.zip"), env=live).returncode == 0
    assert handrail("restore", str(tmp_path / "b.zip"), "--verify-only", env=live).returncode == 0


@pytest.mark.slow
def test_the_demo_starts_keeps_its_data_and_stops_when_asked(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        env = environment(tmp_path, PORT=str(free.getsockname()[1]))
    for name in (signal.SIGTERM, signal.SIGINT):
        server = subprocess.Popen(
            [*HANDRAIL, "run"], cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            said = until(server, "Handrail is ready")
            with urllib.request.urlopen(f"http://127.0.0.1:{env['PORT']}/dev/people", timeout=20) as answer:
                assert "Dana Cole" in answer.read().decode()
            other = handrail("run", env={**env, "PORT": "0"})
            assert other.returncode == 2
            beside = handrail("run", "--port", "8999", env=env)
            assert (beside.returncode, "Another Handrail" in beside.stderr) == (2, True)
            server.send_signal(name)
            rest = server.communicate(timeout=30)[0]
        finally:
            server.kill()
        assert server.returncode == 0, rest
        assert "Traceback" not in said + rest


def until(server, words):
    said = ""
    while words not in said:
        line = server.stdout.readline()
        assert line, f"it ended: {said}"
        said += line
    return said


def test_every_command_of_the_list_exists_and_helps():
    for name in TOPICS:
        done = CliRunner().invoke(cli, [name, "--help"])
        assert done.exit_code == 0, name
