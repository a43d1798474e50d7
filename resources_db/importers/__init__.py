"""Imports of directories: a reader for each format, all yielding the same records; base.py plans and applies."""
