"""The payment double's pages: tests pay on them through its books (`pay_page`)."""

from decimal import Decimal

from typing_extensions import override

from faktura.plugin import (
    ActionNeeded,
    Cancelled,
    HostedPage,
    OpenedPage,
    PageRequest,
    PageResult,
    Succeeded,
)
from faktura.testing.double_means import DoubleMeans
from faktura.testing.double_rows import row_of


class DoublePages(DoubleMeans, HostedPage):
    """Opens and closes pages; a page that was paid stays paid."""

    @override
    async def open_page(self, request: PageRequest) -> OpenedPage:
        """The page of that key; the same request again gives the same page."""
        with self.store.changing() as books:
            books.execute(
                "INSERT OR IGNORE INTO page (key, body, state, saved) VALUES (?, ?, 'OPEN', '')",
                [request.key, request.model_dump_json()],
            )
            no, body = books.execute(
                "SELECT no, body FROM page WHERE key = ?", [request.key]
            ).fetchone()
            if body != request.model_dump_json():
                books.execute("INSERT INTO violation (text) VALUES (?)", [f"page {request.key}"])
        return OpenedPage(reference=f"pg_{no}", url=f"https://double.example/page/{no}")

    @override
    async def read_page(self, request: PageRequest, reference: str) -> PageResult:
        """What became of it."""
        with self.store.changing() as books:
            state, saved, payment = books.execute(
                "SELECT state, saved, payment FROM page WHERE key = ?", [request.key]
            ).fetchone()
            row = books.execute("SELECT * FROM payment WHERE no = ?", [payment]).fetchone()
        means = self.saved(saved) if saved else None
        if state == "OPEN":
            return PageResult(outcome=ActionNeeded(reference=reference))
        if state == "CLOSED":
            return PageResult(outcome=Cancelled(reference=reference))
        if row is None:
            return PageResult(outcome=self._saved_only(request, reference), saved=means)
        paid = row_of(row)
        done = Succeeded(
            reference=paid.reference, amount=paid.amount, currency=paid.currency, at=paid.at
        )
        return PageResult(outcome=done, saved=means)

    @override
    async def close_page(self, request: PageRequest, reference: str) -> PageResult:
        """Close it, unless the customer was faster."""
        self.store.expire_page(reference)
        return await self.read_page(request, reference)

    def _saved_only(self, request: PageRequest, reference: str) -> Succeeded:
        # A page that only saves a means took nothing.
        return Succeeded(
            reference=reference, amount=Decimal(0), currency=request.currency, at=self.now()
        )
