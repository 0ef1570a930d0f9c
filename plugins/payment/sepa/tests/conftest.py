"""Builders of debits and files, an adapter, and a reading of the files that is not the plugin's own."""

import logging
import os
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from lxml import etree

from faktura.kernel.clock import FixedClock
from faktura.plugin import DebitFile, DebitItem, DebitMandate, Runtime, WrittenFile
from faktura_sepa.adapter import SepaAdapter
from faktura_sepa.settings import SepaSettings

# The schemas of the DK are not ours to ship: their tests run where somebody names the folder.
collect_ignore = [] if "FAKTURA_CONFORMANCE_DATA" in os.environ else ["samples"]

NOW = datetime(2026, 11, 22, 8, 30, 15, 123456, tzinfo=UTC)
KEY = "019aa3c07d1e7f00a1b2c3d4e5f60718"
MANDATE_FIELDS = frozenset(DebitMandate.model_fields)


class NoState:
    """The adapter keeps no state."""

    def get(self, key: str) -> object | None:
        """Nothing is ever asked."""
        raise AssertionError(key)

    def put(self, key: str, value: Mapping[str, object]) -> None:
        """Nothing may be put."""
        raise AssertionError(key, value)


@pytest.fixture
def adapter() -> Callable[..., SepaAdapter]:
    """Build the adapter of a bank account with these settings."""

    def build(**settings: object) -> SepaAdapter:
        runtime = Runtime(FixedClock(NOW), logging.getLogger("sepa"), NoState())
        return SepaAdapter(SepaSettings.model_validate(settings), runtime)

    return build


@pytest.fixture
def item() -> Callable[..., DebitItem]:
    """Build a debit of 119.00 EUR; keyword arguments change it or its mandate."""

    def build(**more: object) -> DebitItem:
        mandate: dict[str, object] = {
            "reference": "M-2026-0001",
            "signed_on": date(2026, 1, 15),
            "scheme": "CORE",
            "sequence": "RECURRENT",
            "debtor_name": "Erika Mustermann",
            "iban": "DE89370400440532013000",
        }
        mandate |= {name: value for name, value in more.items() if name in MANDATE_FIELDS}
        fields: dict[str, object] = {
            "end_to_end": KEY,
            "amount": Decimal("119.00"),
            "mandate": DebitMandate.model_validate(mandate),
            "remittance": "Rechnung RE-2026-000130",
            "due_on": date(2026, 11, 30),
        }
        rest = {name: value for name, value in more.items() if name not in MANDATE_FIELDS}
        return DebitItem.model_validate(fields | rest)

    return build


@pytest.fixture
def file() -> Callable[..., DebitFile]:
    """Build a file of debits; keyword arguments change it."""

    def build(*items: DebitItem, **more: object) -> DebitFile:
        fields: dict[str, object] = {
            "message_id": "FAK-20261122-7",
            "created_at": NOW,
            "creditor_name": "Musterfirma GmbH",
            "creditor_id": "DE98ZZZ09999999999",
            "iban": "DE02120300000000202051",
            "items": items,
        }
        return DebitFile.model_validate(fields | more)

    return build


@pytest.fixture
def write(
    adapter: Callable[..., SepaAdapter], file: Callable[..., DebitFile]
) -> Callable[..., WrittenFile]:
    """Write a file of these debits with the default settings."""
    return lambda *items, **more: adapter().write(file(*items, **more))


@pytest.fixture
def values() -> Callable[[WrittenFile, str], list[str]]:
    """The texts of all elements whose path ends so: `PmtInf/NbOfTxs`."""

    def read(written: WrittenFile, path: str) -> list[str]:
        steps = "/".join(f"*[local-name()='{name}']" for name in path.split("/"))
        found = etree.fromstring(written.content).xpath(f"//{steps}")
        assert isinstance(found, list)
        return [str(element.text) for element in found if isinstance(element, etree._Element)]

    return read
