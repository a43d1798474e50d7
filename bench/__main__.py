"""`make bench`: measures and prints. ARGS="search --listings 20000" or ARGS="relevance --failures" chooses what."""

import sys

from bench import search
from bench.relevance import report

_CHOICES = {"search": search.main, "relevance": report.main}

if __name__ == "__main__":
    chosen, *arguments = sys.argv[1:] or ["search"]
    if chosen in _CHOICES:
        _CHOICES[chosen](arguments)
    else:
        search.main(sys.argv[1:])
