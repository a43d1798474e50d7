"""Pages of the care team: today, patients, sending, following, closing."""
