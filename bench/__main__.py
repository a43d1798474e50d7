"""`make bench`: measures, side by side, and prints what was measured. ARGS="search --listings 20000" chooses."""

import sys

from bench import search

if __name__ == "__main__":
    arguments = [part for part in sys.argv[1:] if part != "search"]
    search.main(arguments)
