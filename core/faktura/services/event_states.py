"""Objects as events carry them to subscribers: the fields that REST shows, after and before (F116).

Of a contract they are the fields that it holds itself; what REST computes when asked, as
`nextDueOn`, depends on the day and is not in it.
"""

from collections.abc import Sequence
from datetime import timedelta

from faktura.domain.articles import Article
from faktura.domain.commissions import CommissionRule
from faktura.domain.contracts import Contract
from faktura.domain.costs import Costs
from faktura.domain.customers import Customer
from faktura.services.imports.customer_record import (
    customer_fields,
    payment_term_fields,
    recipient_fields,
)
from faktura.store.event_details import delete_details
from faktura.store.transaction import Tx

State = dict[str, object]

KEPT_FOR = timedelta(days=30)


def customer_state(customer: Customer) -> State:
    """A customer as `GET /Customers/{customerNumber}` shows it."""
    return customer_fields(customer)


def item_state(article: Article, project: str | None) -> State:
    """An article as `GET /Items/{articleNumber}` shows it; `project` is the key of the one it is of."""
    return {
        "articleNumber": article.number,
        "name": article.name,
        "productGroup": article.group.key,
        "project": project,
        "unit": article.unit,
        "supply": article.supply,
        "recurring": article.recurring,
        "prices": [
            {
                "unitPrice": price.unit_price,
                "currency": price.currency,
                "validFrom": price.valid_from,
                "validUntil": price.valid_until,
                "fromQuantity": price.from_quantity,
            }
            for price in article.prices
        ],
        "description": article.description,
        "htmlDescription": article.html_description,
        "costCentre": article.cost_centre,
        "costs": _costs(article.costs),
        "pauseExtendsTerm": article.pause_policy.extends_term,
        "pauseBilledLater": article.pause_policy.billed_later,
        "pauseWholePeriodsOnly": article.pause_policy.whole_periods_only,
    }


def contract_state(
    contract: Contract, customer: Customer, project: str, rules: Sequence[CommissionRule]
) -> State:
    """A contract as `GET /Contracts/{contractNumber}` shows it, without what that computes.

    `project` is the key of its project, `rules` are who earns on it.
    """
    return {
        "contractNumber": contract.number,
        "customerNumber": customer.number,
        "customerName": customer.name,
        "project": project,
        "kind": contract.kind,
        "state": contract.state,
        "start": contract.start,
        "end": contract.end,
        "billingInterval": {"count": contract.interval.count, "unit": contract.interval.unit},
        "billingAnchor": contract.billing_anchor,
        "currency": contract.currency,
        "billInAdvance": contract.in_advance,
        "dayCount": contract.day_count,
        "paymentMethod": contract.payment_method,
        **payment_term_fields(contract.payment_term),
        "internalIdentifier": contract.internal_identifier,
        "extraTextInvoiceHeader": contract.header_text,
        "extraTextInvoiceFooter": contract.footer_text,
        "orderReference": contract.order_reference,
        "recipients": recipient_fields(contract.recipients),
        "commissionRules": [
            {
                "partnerNumber": rule.partner_number,
                "articleNumber": rule.article_number,
                "percent": rule.percent,
                "due": rule.due,
            }
            for rule in rules
        ],
        "costs": _costs(contract.costs),
        "invoiceNotBefore": contract.invoice_not_before,
    }


def forget_event_states(tx: Tx) -> int:
    """Delete the tenant's states that are older than 30 days; how many they were.

    The events stay: what is sent of them later names the object by its number.
    """
    return delete_details(tx, tx.now() - KEPT_FOR)


def _costs(costs: Costs) -> list[State]:
    return [
        {"costCentre": one.centre, "costObject": one.object, "percent": one.percent}
        for one in costs
    ]
