"""The directory team: review, verify, import, duplicates."""
