"""REFFEED on the kit of bank feeds: nothing else tests this connector."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

from faktura.plugin import Adapter
from faktura.testing.kit.bank_feeds import BankFeedKit
from faktura.testing.kit.feed_bank import FeedBankDouble
from faktura_ref_feed_double import RefFeed
from typing_extensions import override

from faktura_ref_feed.adapter import RefBankFeed


class TestRefBankFeed(BankFeedKit):
    """REFFEED can do everything that the kit asks for."""

    adapter_class: ClassVar[type[Adapter]] = RefBankFeed

    @override
    @asynccontextmanager
    async def running(self) -> AsyncIterator[FeedBankDouble]:
        yield RefFeed()
