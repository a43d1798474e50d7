"""Set-up before the first command: a Python that is new enough, the locked packages, the browser files.

Runs on whatever `python3` the machine has, so this one file keeps to words that an old Python can read.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NEEDED = (3, 11)
NEWER_NAMES = ("python3.14", "python3.13", "python3.12", "python3.11")
TOO_OLD = """\
Handrail needs Python %(needed)s or newer; `python3` here is %(found)s and no newer one is on the PATH.
What to do: install one (Debian or Ubuntu: apt install python3 python3-venv; macOS: brew install python)
or name it yourself: make run PYTHON=/path/to/python3.12"""


def is_new_enough(program: str) -> bool:
    """A name on the PATH proves nothing: version managers leave shims behind that only print an error."""
    question = f"import sys; sys.exit(sys.version_info[:2] < {NEEDED!r})"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.call([program, "-c", question], **quiet) == 0


def hand_over_to_newer_python() -> None:
    for name in NEWER_NAMES:
        program = shutil.which(name)
        if program and is_new_enough(program):
            os.execv(program, [program, *sys.argv])
    found = ".".join(str(part) for part in sys.version_info[:3])
    sys.exit(TOO_OLD % {"needed": ".".join(str(part) for part in NEEDED), "found": found})


if __name__ == "__main__":
    if sys.version_info[:2] < NEEDED:
        hand_over_to_newer_python()
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from steps import main

    sys.exit(main(sys.argv[1:]))
