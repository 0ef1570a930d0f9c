"""A company that writes mails, on both databases."""

from pathlib import Path

import pytest
from tests.services.mails.scene import MailScene

from faktura.store.database import Database


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> MailScene:
    """A tenant without customers, reached at https://billing.example.com."""
    return MailScene(database, tmp_path)
