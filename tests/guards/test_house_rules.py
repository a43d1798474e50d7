"""Reads the code: origin of our packages, direction of imports, size of files, templates that parse."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import jinja2
import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("portal", "referrals", "messaging", "search", "resources_db", "i18n")
LONGEST_FILE = 300
# a file of cases is read by the names of its tests, one at a time
LONGEST_TEST = 500
WORDS = {".py", ".html", ".css", ".js", ".md", ".toml", ".cfg", ".sh"}
# lists, not logic: the tables of a migration, the stored words
LONG_BY_NATURE = ("resources_db/migrations/versions/", "resources_db/vocab.py")


def our_files(*suffixes: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (ROOT / line for line in listed.stdout.splitlines())
    return [path for path in paths if path.suffix in suffixes and path.is_file()]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_ours_and_not_one_of_the_same_name_from_elsewhere(package):
    found = importlib.import_module(package).__file__
    assert found == str(ROOT / package / "__init__.py")


def test_imports_obey_the_contracts():
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--config", "setup.cfg", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_is_too_long_to_hold_in_the_head():
    long = {
        name_of(path): lines
        for path in our_files(".py", ".html")
        if not name_of(path).startswith(LONG_BY_NATURE)
        and (lines := len(path.read_text(encoding="utf-8").splitlines()))
        > (LONGEST_TEST if name_of(path).startswith("tests/") else LONGEST_FILE)
    }
    assert long == {}


def test_no_catch_all_module_grows():
    forbidden = {"utils.py", "helpers.py", "common.py", "misc.py"}
    assert [name_of(path) for path in our_files(".py") if path.name in forbidden] == []


def test_every_template_parses():
    # the portal's own environment adds extensions and globals; syntax is the same without them
    environment = jinja2.Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
    broken = {}
    for path in our_files(".html"):
        if path.is_relative_to(ROOT / "templates"):
            try:
                environment.parse(path.read_text(encoding="utf-8"))
            except jinja2.TemplateSyntaxError as error:
                broken[name_of(path)] = f"line {error.lineno}: {error.message}"
    assert broken == {}


def test_no_template_carries_inline_script_or_style():
    # the content policy forbids them, so the browser would drop them in silence
    signs = (" style=", " onclick=", " onload=", " onsubmit=", " hx-on", "javascript:", "<style")
    found = [
        f"{name_of(path)}: {sign.strip()}"
        for path in our_files(".html")
        if path.is_relative_to(ROOT / "templates")
        for sign in signs
        if sign in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_no_file_names_a_package_registry_or_a_folder_of_this_machine():
    hosts = ("files." + "pythonhosted", "registry." + "npmjs", "pypi." + "org/simple", "deb." + "debian.org")
    found = [
        f"{name_of(path)}: {host}"
        for path in our_files(*WORDS, ".lock", ".json", ".yaml", ".txt")
        for host in hosts
        if host in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert found == []
