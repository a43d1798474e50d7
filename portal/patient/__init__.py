"""The patient page behind a signed link; works without JavaScript."""
