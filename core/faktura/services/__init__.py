"""Use cases: each is exactly one database transaction that reads, decides and writes."""
