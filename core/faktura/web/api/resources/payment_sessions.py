"""Pages on which customers pay an invoice themselves, exactly what is open of it (F089)."""

from typing import Self

from pydantic import Field

from faktura.bootstrap import App
from faktura.domain.api_keys import Scope
from faktura.domain.attempts import Attempt
from faktura.domain.pay_links import PayState
from faktura.flows.pay_desk import PayDesk, start_page
from faktura.flows.transactions import in_read_tx, in_tx
from faktura.kernel.errors import Conflict, FakturaError, FieldInvalid
from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.services.imports.checks import Fields
from faktura.services.imports.value_fields import Flag, PaymentMethodWord
from faktura.services.page_attempts import Refusal
from faktura.services.page_requests import Wish, kept_page, page_request
from faktura.services.pay_links import PayLink, PayView, link_address, pay_link, view_payment
from faktura.store.invoice_details import invoice_details
from faktura.store.pay_links import find_link
from faktura.web.api.call import Call, Flow, Nothing
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import AmountText, Currency, Moment

PAYMENT_SESSIONS = Resource(
    "PaymentSessions", "Pages on which customers pay an invoice themselves, or save a means."
)

_SESSION = "/Invoices/{invoiceNumber}/PaymentSession"


class PaymentSessionFields(Fields):
    """What the customer's page is to begin with; left out, they choose on it."""

    method: PaymentMethodWord | None = Field(
        default=None, description="Have the provider's page for this method opened at once."
    )
    save: Flag = Field(
        default=False, description="Whether the customer agreed to use it for later invoices."
    )


class PaymentSessionAnswer(Answer):
    """Where an invoice is paid, and whether it can be."""

    invoice_number: str = Field(description="The document's number.")
    url: str | None = Field(
        description="For the customer: good as long as the document exists; null before it was"
        " asked for. Whoever has it can pay the document and see its file."
    )
    state: PayState = Field(
        description="UNDER_WAY is being collected already; only PAYABLE can be paid."
    )
    amount: AmountText = Field(description="What is open: exactly this is paid.")
    currency: Currency
    page_url: str | None = Field(description="The page for the method that was asked for.")
    expires_at: Moment | None = Field(description="Until when that page can be used.")

    @classmethod
    def of(cls, view: PayView, url: str | None, opened: Attempt | None = None) -> Self:
        """The answer."""
        page = None if opened is None else kept_page(opened)
        fields = None if url is None else f"{url}/fields"
        return cls(
            invoice_number=view.record.number,
            url=url,
            state=view.state,
            amount=view.open,
            currency=view.open.currency,
            page_url=None if page is None else page.url or fields,
            expires_at=None if opened is None else page_request(opened).expires_at,
        )


@PAYMENT_SESSIONS.post(_SESSION, Scope.PAYMENTS_WRITE)
async def invoice_payment_session(
    call: Flow[Nothing, PaymentSessionFields],
) -> PaymentSessionAnswer:
    """The address under which a customer pays the invoice; always the same one.

    With a `method` the provider's page is opened as well: the one that is open, as long as the
    amount and the wish are the same. There is never more than one.
    """
    app, tenant, number = call.app, call.tenant, call.path["invoiceNumber"]
    link = await in_tx(app.database, tenant.id, pay_link, number, call.access.projects)
    url = link_address(_public_url(app), link.token)
    view = await in_read_tx(app.database, tenant.id, view_payment, link.document_id)
    if call.body.method is None:
        return PaymentSessionAnswer.of(view, url)
    if view.state is not PayState.PAYABLE:
        under_way = view.state is PayState.UNDER_WAY
        raise _refused(link, Refusal.UNDER_WAY if under_way else Refusal.NOTHING_OPEN)
    wish = Wish(call.body.method, call.body.save, view.open, f"{url}/return")
    opened = await start_page(PayDesk(app.database, app.adapters, tenant), link.document_id, wish)
    if isinstance(opened, Refusal):
        raise _refused(link, opened)
    return PaymentSessionAnswer.of(view, url, opened)


@PAYMENT_SESSIONS.get(_SESSION, Scope.PAYMENTS_READ)
def invoice_payment_session_get(call: Call[Nothing, Nothing]) -> PaymentSessionAnswer:
    """Where the invoice is paid, as far as it was asked for, and how its payment stands."""
    found = invoice_details(call.tx, call.path["invoiceNumber"], call.access.projects)
    token = find_link(call.tx, found.record.id)
    url = None if token is None else link_address(_public_url(call.app), token)
    return PaymentSessionAnswer.of(view_payment(call.tx, found.record.id), url)


def _public_url(app: App) -> str | None:
    public_url = app.settings.public_url
    return None if public_url is None else str(public_url)


def _refused(link: PayLink, why: Refusal) -> FakturaError:
    number = link.number
    match why:
        case Refusal.NOT_OFFERED:
            return FieldInvalid(
                f"no active payment account has a page for this method and amount of {number}",
                place="method",
                mend="Leave it out to see what there is, or: faktura payments accounts list",
            )
        case Refusal.UNAVAILABLE:
            return OutsideUnavailable(
                f"the payment provider did not open a page for {number}", mend="Try again later"
            )
        case Refusal.UNDER_WAY:
            return Conflict(f"a payment of {number} is under way already (P28)")
        case Refusal.NOTHING_OPEN | Refusal.AMOUNT_CHANGED:
            return Conflict(f"nothing is open of {number}, or not the same any more")
