"""The aiohttp application: status page, invoices, receiver."""
