"""Use cases: each function is the work of exactly one database transaction."""
