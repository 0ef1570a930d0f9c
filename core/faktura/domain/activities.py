"""Activities: billable items of a contract that are recorded before they are billed (F058-F059).

Recurring activities come into being when their period is billed; one-offs and usage wait here.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from faktura.domain.articles import Article
from faktura.domain.costs import Costs
from faktura.domain.discounts import Discount
from faktura.domain.external_links import ExternalLink
from faktura.kernel.periods import Period
from faktura.kernel.terms import Origin


@dataclass(frozen=True, slots=True)
class OpenActivity:
    """A one-off or usage that is not billed yet.

    `service` is the period in which it was rendered. With `invoice_on` it is billed from that day;
    without, together with the contract's next regular invoice; `manual` leaves it to a person.
    `unit_price` is an agreed price that overrides the list price; `ledger_account` overrides the
    account of its revenue, `links` name it elsewhere (F042). `costs` override the contract's.
    """

    id: UUID
    article: Article
    origin: Origin
    quantity: Decimal
    service: Period
    invoice_on: date | None = None
    manual: bool = False
    unit_price: Decimal | None = None
    discount: Discount | None = None
    text: str = ""
    ledger_account: str | None = None
    links: tuple[ExternalLink, ...] = ()
    costs: Costs = ()


@dataclass(frozen=True, slots=True)
class ReopenedPeriod:
    """A period of an item that was billed and is to be billed again, as its invoice was cancelled.

    It counts as billed for whatever comes after it; the next run bills it.
    """

    activity_id: UUID
    item_id: UUID
    service: Period
