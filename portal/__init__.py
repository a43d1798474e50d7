"""The web edge: Flask pages, APIs, commands and the worker's start. The only package that commits."""
