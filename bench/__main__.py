"""`make bench`: measures and prints. ARGS="search --listings 20000", ARGS="relevance --failures", ARGS=messages, ..."""

import sys
from importlib import import_module

_CHOICES = {
    "search": "bench.search",
    "http": "bench.http_way",
    "hsds": "bench.hsds",
    "relevance": "bench.relevance.report",
    "messages": "bench.messages",
    "year": "bench.year.measure",
    "imports": "bench.imports",
    "duplicates": "bench.duplicates",
}

if __name__ == "__main__":
    named = len(sys.argv) > 1 and sys.argv[1] in _CHOICES
    chosen = sys.argv[1] if named else "search"
    sys.exit(import_module(_CHOICES[chosen]).main(sys.argv[2:] if named else sys.argv[1:]))
