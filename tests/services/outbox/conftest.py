"""The queue's database, with the tables of the outbox and two tenants."""

from tests.services.jobs.conftest import context_with, database, queue

__all__ = ["context_with", "database", "queue"]
