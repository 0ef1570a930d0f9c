"""The migrations: one Alembic environment, run over one connection by `store/migrations.py`."""
