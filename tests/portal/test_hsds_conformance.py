"""The published probe against our API, on the demo and on real data, on both databases: no failure and no warning."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from portal import wiring
from portal.demo import places
from resources_db.importers import base, mapping
from resources_db.tenancy import system
from tests.conftest import NOW, ROOT
from tests.hsds.test_round_trip import SAMPLES
from tests.tools import load_tool


def the_demo(session: Session, _shared: Path) -> None:
    places.make(session, now=NOW)


def food_sites(session: Session, shared: Path) -> None:
    """With the official example: an endpoint without a record proves nothing."""
    _bring(session, shared / "data/hsds/examples/service_full.json")
    foods = mapping.load(ROOT / "docs/examples/food-sites-mapping.yaml")
    _bring(session, shared / "data/samples/pittsburgh_food/merged_datasets.csv", foods)


def the_other_exports(session: Session, shared: Path) -> None:
    _bring(session, shared / "data/hsds/examples/service_full.json")
    for sample in SAMPLES:
        folder = shared / "data/samples" / sample
        mapped = mapping.load(folder / "mapping.yaml") if (folder / "mapping.yaml").exists() else None
        _bring(session, folder, mapped)


def _bring(session: Session, path: Path, mapped: mapping.FileMapping | None = None) -> None:
    planned = base.plan(session, path, mapping=mapped)
    base.apply(session, planned, actor=system(), now=NOW)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The app on a port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    app.config["TRUSTED_HOSTS"] = [*app.config["TRUSTED_HOSTS"], "127.0.0.1"]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hsds"
    server.shutdown()
    thread.join()


@pytest.mark.parametrize("fill", [the_demo, food_sites, the_other_exports])
def test_the_probe_finds_nothing(
    app: Flask,
    runtime: wiring.Runtime,
    shared: Path,
    capsys: pytest.CaptureFixture[str],
    fill: Callable[[Session, Path], None],
) -> None:
    with runtime.database.writing(system()) as session, session.begin():
        fill(session, shared)
    probe = load_tool(shared / "tools/hsds_conformance.py")
    with served(app) as address:
        asked = [address, str(shared / "data/hsds"), "--strict", "--json", "--max", "25", "--per-page", "400"]
        status = probe.main(asked)
    said = json.loads(capsys.readouterr().out)
    assert (said["failures"], said["warnings"], status) == ([], [], 0)
    assert said["passed"] > 200
