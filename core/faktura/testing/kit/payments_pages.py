"""The kit of adapters with pages: exactly the amount, once, and never beside another attempt."""

from abc import abstractmethod
from datetime import timedelta
from decimal import Decimal

import pytest

from faktura.plugin import (
    ActionNeeded,
    Cancelled,
    HostedPage,
    OpenedPage,
    PageRequest,
    Pending,
    Succeeded,
)
from faktura.testing.kit.payments_bench import (
    ATTEMPT,
    EUR_119,
    PaymentBench,
    PaymentPart,
    Play,
)
from faktura.testing.kit.payments_outcomes import assert_paid
from faktura.testing.kit.payments_rules import told
from faktura.testing.kit.payments_wire import NO_ANSWERS, Trouble
from faktura.testing.kit.surroundings import KIT_NOW


class PageBench(PaymentBench):
    """A bench whose provider has pages, and a customer who uses them."""

    @abstractmethod
    async def pay_page(self, request: PageRequest, opened: OpenedPage) -> None:
        """The customer pays by card on a page that is open (in ours: with `finish_page`)."""


class PageKit(PaymentPart):
    """What an adapter with HostedPage or EmbeddedPage must pass."""

    @pytest.mark.asyncio
    async def test_a_page_waits_for_the_customer(self) -> None:
        """Nothing is taken by opening; the same request again is the same page (complaint 19)."""
        async with self.opened(PageBench) as bench:
            opened = await _pages(bench).open_page(_page())
            again = await _pages(bench).open_page(_page())

            assert opened.reference
            assert opened.reference == again.reference
            assert (
                opened.url.startswith(("https://", "http://127.0.0.1"))
                or opened.embedded is not None
            )
            waiting = await _pages(bench).read_page(_page(), opened.reference)
            assert isinstance(waiting.outcome, ActionNeeded)
            assert waiting.saved is None
            assert not list(bench.taken(ATTEMPT.hex))

    @pytest.mark.asyncio
    async def test_a_page_that_was_paid_is_paid_to_the_cent(self) -> None:
        """The open amount, under the attempt's key."""
        async with self.opened(PageBench) as bench:
            opened = await _pages(bench).open_page(_page())
            await bench.pay_page(_page(), opened)

            result = await _pages(bench).read_page(_page(), opened.reference)

            assert_paid(result.outcome)
            assert list(bench.taken(ATTEMPT.hex)) == [EUR_119]

    @pytest.mark.asyncio
    async def test_a_closed_page_is_cancelled(self) -> None:
        """Then the next attempt cannot be paid beside it (payments 7, complaint 1)."""
        async with self.opened(PageBench) as bench:
            opened = await _pages(bench).open_page(_page())

            closed = await _pages(bench).close_page(_page(), opened.reference)

            assert isinstance(closed.outcome, Cancelled)
            assert not list(bench.taken(ATTEMPT.hex))

    @pytest.mark.asyncio
    async def test_closing_tells_that_the_customer_was_faster(self) -> None:
        """Told as cancelled, the invoice would be charged once more."""
        async with self.opened(PageBench) as bench:
            opened = await _pages(bench).open_page(_page())
            await bench.pay_page(_page(), opened)

            closed = await _pages(bench).close_page(_page(), opened.reference)

            assert_paid(closed.outcome)
            assert list(bench.taken(ATTEMPT.hex)) == [EUR_119]

    @pytest.mark.parametrize("trouble", NO_ANSWERS, ids=str)
    @pytest.mark.asyncio
    async def test_a_lost_answer_about_a_paid_page_decides_nothing(self, trouble: Trouble) -> None:
        """Neither by reading nor by closing it is the page over, or open again."""
        async with self.opened(PageBench, Play.LOSE_LOOK_UP) as bench:
            opened = await _pages(bench).open_page(_page())
            await bench.pay_page(_page(), opened)
            for ask in (_pages(bench).read_page, _pages(bench).close_page):
                bench.disturb(trouble)
                answer = await told(ask(_page(), opened.reference))

                outcome = getattr(answer, "outcome", None)
                assert not isinstance(outcome, Cancelled | ActionNeeded | Succeeded | Pending)

    @pytest.mark.parametrize("trouble", NO_ANSWERS, ids=str)
    @pytest.mark.asyncio
    async def test_a_page_whose_opening_got_lost_opens_again(self, trouble: Trouble) -> None:
        """And takes the money once."""
        async with self.opened(PageBench, Play.LOSE_LOOK_UP) as bench:
            bench.disturb(trouble)
            lost = await told(_pages(bench).open_page(_page()))
            assert not isinstance(lost, OpenedPage), "a page out of nothing"

            opened = await _pages(bench).open_page(_page())
            await bench.pay_page(_page(), opened)

            assert list(bench.taken(ATTEMPT.hex)) == [EUR_119]


def _pages(bench: PaymentBench) -> HostedPage:
    adapter = bench.adapter()
    assert isinstance(adapter, HostedPage)
    return adapter


def _page() -> PageRequest:
    return PageRequest.model_validate(
        {
            "attempt": ATTEMPT,
            "tenant": "werk",
            "amount": Decimal("119.00"),
            "currency": "EUR",
            "method": "CARD",
            "save": False,
            "invoice_number": "RE-2031-1001",
            "customer_number": "10001",
            "customer_name": "Ada Zoë Ödinger",
            "customer_email": "ada@example.com",
            "description": "Rechnung RE-2031-1001",
            "return_url": "https://billing.example/pay/token",
            "created_at": KIT_NOW,
            "expires_at": KIT_NOW + timedelta(minutes=45),
        }
    )
