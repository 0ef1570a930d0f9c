"""The aiohttp application: a status page and the invoices, read-only."""
