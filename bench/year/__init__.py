"""A made-up year of a big care organization, and what its pages cost."""
