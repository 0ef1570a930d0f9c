"""Mails that wait, on both databases, and certificates that a test may trust."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.services.company import Company
from tests.services.mail_sending.certificates import Certificates, make_certificates
from tests.services.mail_sending.outbox import Outbox

from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.store.database import open_database


@pytest.fixture
def outbox(
    database_url: str, clock: FixedClock, ids: Uuid7Source, tmp_path: Path
) -> Iterator[Outbox]:
    """A company without mails, whose mails go into a folder."""
    database = open_database(database_url, clock, ids)
    yield Outbox(Company(database), clock, tmp_path)
    database.close()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """An authority and a server's certificate of it for 127.0.0.1."""
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def trusted(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> Certificates:
    """The same, trusted as an operator does it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    return certificates
