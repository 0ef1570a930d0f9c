"""What webhooks send: a model of the body of each type of event, and their published schema."""
