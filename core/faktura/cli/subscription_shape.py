"""Subscriptions, their pauses and items as the command line shows them."""

from collections.abc import Iterable, Sequence
from datetime import date

from faktura.cli.cost_shape import cost_texts
from faktura.domain.articles import Price
from faktura.domain.discounts import Discount
from faktura.domain.pauses import Pause
from faktura.domain.subscriptions import Subscription, SubscriptionItem
from faktura.domain.terms import earliest_end, term_end

Record = dict[str, object]


def subscription_record(
    no: int, one: Subscription, items: Sequence[SubscriptionItem], today: date
) -> Record:
    """A subscription as of today; `no` counts from 1, `items` are those of its contract.

    `termEnd`, `earliestEnd` and `terminatedAsOf` are the first days that no longer count (F032,
    F033, F037).
    """
    return {
        "no": no,
        "state": one.state(today),
        "termStart": one.term_start,
        "minimumTerm": _text(one.minimum_term),
        "notice": _text(one.notice),
        "renewal": one.renewal,
        "renewalTerm": _text(one.renewal_term),
        "termEnd": term_end(one, items, today),
        "earliestEnd": earliest_end(one, items, today),
        "terminatedAsOf": one.terminated_as_of,
        "paymentStart": one.payment_start,
        "pauses": [_pause(pause) for pause in one.pauses],
    }


def subscription_row(record: Record) -> Record:
    """The same for a table: the renewal with its term, the earliest end named as what it is."""
    renewal, term = record["renewal"], record["renewalTerm"]
    return {
        **record,
        "renewal": renewal if term is None else f"{renewal} {term}",
        "endIfNoticeToday": record["earliestEnd"],
    }


def pause_rows(subscriptions: Iterable[Subscription]) -> list[Record]:
    """All pauses, each with the number of its subscription; `until` is the first day of service."""
    return [
        {"subscription": no, **_pause(pause)}
        for no, one in enumerate(subscriptions, 1)
        for pause in one.pauses
    ]


def item_record(item: SubscriptionItem, billed_until: date | None, subscription: int) -> Record:
    """An item; `until` and `billedUntil` are the first days that no longer count (F019)."""
    return {
        "itemId": str(item.id),
        "subscription": subscription,
        "articleNumber": item.article.number,
        "name": item.article.name,
        "unit": item.article.unit,
        "quantity": item.quantity,
        "from": item.start,
        "until": item.until,
        "billedUntil": billed_until,
        "discount": None if item.discount is None else discount_text(item.discount),
        "specialPrices": [price_text(price) for price in item.special_prices],
        "costs": cost_texts(item.costs),
    }


def discount_text(discount: Discount) -> str:
    """`10 % Treue` or `5.00 Treue`."""
    value = discount.amount if discount.percent is None else f"{discount.percent} %"
    return f"{value} {discount.reason}".rstrip()


def price_text(price: Price) -> str:
    """`25.00 EUR`, then from which quantity on and for which days, as far as it is limited."""
    text = f"{price.unit_price} {price.currency}"
    if price.from_quantity:
        text += f" for {price.from_quantity} and more"
    if price.valid_from is not None:
        text += f" from {price.valid_from}"
    return text if price.valid_until is None else f"{text} until {price.valid_until}"


def _pause(pause: Pause) -> Record:
    return {"from": pause.start, "until": pause.end, "reason": pause.reason}


def _text(value: object) -> str | None:
    return None if value is None else str(value)
