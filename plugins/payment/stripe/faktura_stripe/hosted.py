"""Pages at Stripe on which customers pay exactly what is open, or have a means of payment kept."""

from typing_extensions import override

from faktura.kernel.outside_errors import OutcomeUnknown, OutsideUnavailable
from faktura.plugin import ActionNeeded, Cancelled, HostedPage, OpenedPage, PageRequest, PageResult
from faktura_stripe import marks
from faktura_stripe.account import StripeAccount
from faktura_stripe.answers import StripeRefused
from faktura_stripe.pages import page_result
from faktura_stripe.reading import text
from faktura_stripe.requests import customer_params, page_params


class HostedPages(StripeAccount, HostedPage):
    """Pages of Stripe Checkout."""

    @override
    async def open_page(self, request: PageRequest) -> OpenedPage:
        """Open a page; a repetition gives the same one.

        Raises StripeRefused, TooPrecise, FieldInvalid, and OutsideUnavailable also for a lost
        answer: nobody knows that page's address, so nobody can pay on it.
        """
        page_params(request, request.customer, self._own)  # a wrong amount makes no customer
        try:
            customer = request.customer or await self._new_customer(request)
            session = await self._gateway.create_session(
                page_params(request, customer, self._own), marks.key_of(request.key)
            )
        except OutcomeUnknown as lost:
            self._unclear(lost)
            raise OutsideUnavailable(lost.problem, place=lost.place) from lost
        return OpenedPage(
            reference=text(session, "id"), url=text(session, "url"), customer=customer
        )

    async def _new_customer(self, request: PageRequest) -> str:
        """A customer to keep the means with; none where nothing is kept."""
        if request.amount is not None and not request.save:
            return ""
        made = await self._gateway.create_customer(
            customer_params(request), marks.key_of(request.key, "customer")
        )
        return text(made, "id")

    @override
    async def read_page(self, request: PageRequest, reference: str) -> PageResult:
        """What became of a page."""
        try:
            return page_result(await self._gateway.session(reference))
        except OutcomeUnknown as lost:
            return PageResult(outcome=self._unclear(lost))

    @override
    async def close_page(self, request: PageRequest, reference: str) -> PageResult:
        """Close a page; Stripe refuses that once the customer has paid: then what they did counts."""
        result = await self.read_page(request, reference)
        waits = isinstance(result.outcome, ActionNeeded) and result.outcome.reason == "page_open"
        if not waits:
            return result
        try:
            closed = await self._gateway.expire_session(reference)
        except StripeRefused:
            return await self.read_page(request, reference)
        except OutcomeUnknown as lost:
            return PageResult(outcome=self._unclear(lost), customer=result.customer)
        if text(closed, "status") != "expired":
            return await self.read_page(request, reference)
        return PageResult(outcome=Cancelled(reference=reference), customer=result.customer)
