"""Pages, APIs and commands: the only place that knows Flask, and the only one that commits."""
