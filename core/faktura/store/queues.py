"""Which engine keeps the jobs of a database: the one place that decides it."""

from faktura.store.database import Database
from faktura.store.job_queue import JobQueue
from faktura.store.procrastinate_queue import ProcrastinateQueue
from faktura.store.table_queue import TableQueue


def queue_of(database: Database) -> JobQueue:
    """procrastinate on PostgreSQL, our own table on SQLite."""
    return ProcrastinateQueue(database) if database.is_postgresql else TableQueue(database)
