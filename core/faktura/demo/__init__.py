"""The sample company: its data, and a month of its life."""
