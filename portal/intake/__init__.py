"""Requests for help: the public form a person in need fills in, and the care team's queue."""
