"""The sample company: its data and the month it bills."""
