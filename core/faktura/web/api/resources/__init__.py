"""One file a resource: what it takes, what it answers, which service does it."""
