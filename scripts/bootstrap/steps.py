"""The order of set-up: wheels, then browser files. Does nothing, quickly, when all is in place."""

from __future__ import annotations

import argparse
from pathlib import Path

import assets
import wheels
from say import Trouble, say

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    options = read(arguments)
    try:
        python = wheels.ensure(ROOT, dev=options.dev)
        if not options.no_assets:
            assets.ensure(ROOT, python, dev=options.dev, again=options.again)
    except Trouble as trouble:
        say(str(trouble))
        return 1
    except KeyboardInterrupt:
        say("Stopped. Run the same command again to go on where it was.")
        return 130
    return 0


def read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bootstrap", description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    parser.add_argument("--again", action="store_true", help="try once more what failed before")
    parser.add_argument("--no-assets", action="store_true", help="leave the browser files alone")
    return parser.parse_args(arguments)
