"""The published probe against our API, on real data, on both databases: no failure and no warning."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from portal import wiring
from resources_db.importers import base, mapping
from resources_db.tenancy import system
from tests.conftest import NOW, ROOT
from tests.tools import load_tool


@pytest.fixture
def address(app: Flask, runtime: wiring.Runtime, shared: Path) -> Iterator[str]:
    """Our app on a port of this machine, holding the official example and real food sites."""
    foods = mapping.load(ROOT / "docs/examples/food-sites-mapping.yaml")
    with runtime.database.writing(system()) as session, session.begin():
        for path, mapped in (
            (shared / "data/hsds/examples/service_full.json", None),
            (shared / "data/samples/pittsburgh_food/merged_datasets.csv", foods),
        ):
            planned = base.plan(session, path, mapping=mapped)
            base.apply(session, planned, actor=system(), now=NOW)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    app.config["TRUSTED_HOSTS"] = [*app.config["TRUSTED_HOSTS"], "127.0.0.1"]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hsds"
    server.shutdown()
    thread.join()


def test_the_probe_finds_nothing(address: str, shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    probe = load_tool(shared / "tools/hsds_conformance.py")
    status = probe.main([address, str(shared / "data/hsds"), "--strict", "--json", "--max", "25", "--per-page", "400"])
    said = json.loads(capsys.readouterr().out)
    assert (said["failures"], said["warnings"], status) == ([], [], 0)
    assert said["passed"] > 200
