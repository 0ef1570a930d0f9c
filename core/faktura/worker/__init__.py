"""The loops that take jobs from the queue and run them."""
