"""Doubles and builders for tests, ours and those of connectors; only tests and the CLI import it."""
