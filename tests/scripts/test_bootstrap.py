"""Set-up on a fresh machine: what it says when something is missing, and that the second run does nothing."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "scripts" / "bootstrap"


@pytest.fixture
def bootstrap(monkeypatch):
    """The modules of set-up, which lie outside our packages because they run before anything is installed."""
    monkeypatch.syspath_prepend(str(FOLDER))
    for name in ("assets", "say", "stamps", "steps", "wheels"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    import assets
    import stamps
    import wheels

    return {"assets": assets, "stamps": stamps, "wheels": wheels}


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("ERROR: No matching distribution found for setuptools==84.2.1", "check the network"),
        ("WARNING: ... NewConnectionError ...\nERROR: No matching distribution found for x==1", "check the network"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "no ready-made package"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "check your package mirror"),
        ("ERROR: [Errno 28] No space left on device", "No space left"),
    ],
)
def test_a_failed_installation_says_what_to_do(bootstrap, output, words):
    answer = bootstrap["wheels"].explain(output, Path("install.log"))
    assert words in answer
    assert "What to do" in answer


def test_the_build_tool_is_installed_by_hash_before_anything_is_built(bootstrap):
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    first, *hashes = bootstrap["wheels"].pinned(lines, "setuptools")
    assert first.startswith("setuptools==")
    assert hashes
    assert all("--hash=sha256:" in line for line in hashes)


def test_the_development_lock_holds_all_of_the_runtime_lock():
    def pins(name: str) -> set[str]:
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        return {line.split(" ")[0] for line in lines if "==" in line and not line.startswith("#")}

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_a_start_does_not_wait_again_for_browser_files_that_could_not_be_fetched(
    bootstrap, tmp_path, monkeypatch, capsys
):
    assets = bootstrap["assets"]
    (tmp_path / "package-lock.json").write_text("{}", encoding="utf-8")
    asked = []
    monkeypatch.setattr(assets, "find_npm", lambda *_: asked.append("npm"))
    for again in (False, False, True):
        assets.ensure(tmp_path, Path(sys.executable), dev=False, again=again)
    assert asked == ["npm", "npm"]
    assert "Pages will work as plain forms" in capsys.readouterr().out


def test_every_fetched_browser_file_is_the_one_of_the_manifest_and_has_its_licence():
    manifest = ROOT / "portal" / "static" / "vendor" / "manifest.json"
    listed = json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else []
    for entry in listed:
        content = (manifest.parent / entry["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]
        assert (manifest.parent / entry["licence_file"]).read_text(encoding="utf-8").strip()
