"""Is what search finds what people meant? Questions as people type them, judged against a directory of our own."""
