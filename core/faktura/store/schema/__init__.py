"""Table declarations, one file a noun."""
