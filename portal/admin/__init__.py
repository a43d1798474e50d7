"""Users, care teams, settings, audit."""
