"""Pages for those who build: the gallery of parts. Only in the demo."""
