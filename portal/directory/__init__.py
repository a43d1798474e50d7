"""Public search and service pages."""
