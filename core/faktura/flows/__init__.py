"""Sequences of transactions, and whatever awaits an adapter between them."""
