"""Tests, mirrored by room."""
