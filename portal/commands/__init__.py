"""One module a topic of the handrail command; portal/cli.py registers them."""
