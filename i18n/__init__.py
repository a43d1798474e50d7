"""Languages, catalogs, formats and plain words. Imports none of our other packages."""
