"""Sequences of transactions: billing runs, documents, statement imports, exports."""
