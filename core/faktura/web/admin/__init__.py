"""The pages of the people who run the billing: status and documents, read-only."""
