"""The agency answers by link, without an account."""
