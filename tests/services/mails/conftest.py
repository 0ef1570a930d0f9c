"""A company that writes mails, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.services.company import opened
from tests.services.mails.scene import MailScene

from faktura.store.database import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database with its schema."""
    database = opened(database_url)
    yield database
    database.close()


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> MailScene:
    """A tenant without customers, reached at https://billing.example.com."""
    return MailScene(database, tmp_path)
