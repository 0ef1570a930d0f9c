"""A Stripe of our own for tests: it keeps every rule we know of, and says no to whoever breaks one."""
