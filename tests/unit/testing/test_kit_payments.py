"""The kit of the payment family on the core's own double: a sound provider passes all of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

import pytest
from typing_extensions import override

from faktura.plugin import Adapter, WebhookSource
from faktura.testing.kit.payments import (
    CancelKit,
    MeansKit,
    PageKit,
    PaymentKit,
    PollingKit,
    RefundKit,
)
from faktura.testing.kit.payments_double import DoubleBench
from faktura.testing.kit.webhooks import WebhookKit
from faktura.testing.payment_double import DoubleProvider
from faktura.testing.webhook_double import DoubleSource


class TestDouble(PaymentKit, RefundKit, CancelKit, PageKit, MeansKit, PollingKit, WebhookKit):
    """All abilities that there are."""

    adapter_class: ClassVar[type[Adapter]] = DoubleProvider
    source_class: ClassVar[type[WebhookSource]] = DoubleSource

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        self.folders = tmp_path_factory

    @override
    @asynccontextmanager
    async def bench(self) -> AsyncIterator[DoubleBench]:
        """A double with empty books."""
        yield DoubleBench(Path(self.folders.mktemp("double")))
