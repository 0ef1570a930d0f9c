"""A double of Braintree: its XML, its rules, and what goes wrong on the way."""
