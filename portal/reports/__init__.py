"""Pages of numbers, each with its definition."""
