"""The aiohttp application: pages behind a sign-in, and the REST door beside them."""
