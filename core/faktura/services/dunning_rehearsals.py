"""A dunning run tried out: its transaction is rolled back, what it would have done is kept."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from faktura.domain.dunning import Notice
from faktura.domain.run_chunks import Chunk
from faktura.domain.tenants import Tenant
from faktura.kernel.dunning_terms import DunningHold
from faktura.kernel.errors import FakturaError
from faktura.kernel.money import Money
from faktura.services.dunning import dun_range, ensure_numbers
from faktura.store.customers import read_customers_by_id
from faktura.store.dunning import DunningRun, write_run
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a run would do: its notices and failures by customer number, documents held by reason."""

    notices: tuple[tuple[str, Notice], ...] = ()
    failures: tuple[tuple[str, FakturaError], ...] = ()
    holds: Mapping[DunningHold, int] = field(default_factory=dict)

    def __add__(self, other: "Rehearsed") -> "Rehearsed":
        """Both together."""
        return Rehearsed(
            self.notices + other.notices,
            self.failures + other.failures,
            dict(Counter(self.holds) + Counter(other.holds)),
        )


def rehearse_chunk(tx: Tx, tenant: Tenant, run_date: date, chunk: Chunk) -> Rehearsed:
    """Dun a range of customers as a run of that day would; the caller rolls it back."""
    run = DunningRun(tx.new_id(), run_date, tenant.dunning, 0)
    ensure_numbers(tx)
    write_run(tx, run, b"\0" * 32, [chunk])
    done = dun_range(tx, tenant, run, chunk)
    ids = {one.customer_id for one in done.notices} | {one for one, _ in done.failures}
    numbers = {key: one.number for key, one in read_customers_by_id(tx, ids).items()}
    return Rehearsed(
        tuple((numbers[one.customer_id], one) for one in done.notices),
        tuple((numbers[customer_id], error) for customer_id, error in done.failures),
        done.holds,
    )


def summary(customer_number: str, notice: Notice) -> dict[str, Any]:
    """A notice as plain data: amounts as decimal text, its documents as `invoices`."""

    def amount(minor: int) -> str:
        return str(Money(minor, notice.currency).decimal)

    return {
        "customer": customer_number,
        "level": notice.level,
        "currency": notice.currency,
        "open": amount(notice.open),
        "credit": amount(notice.credit),
        "fee": amount(notice.fee),
        "flat": amount(notice.flat),
        "interest": amount(notice.interest),
        "total": amount(notice.total),
        "payBy": str(notice.pay_by),
        "invoices": [
            {
                "number": item.document.number,
                "dueOn": str(item.document.due_on),
                "open": amount(item.document.open),
                "level": item.level,
                "interest": amount(item.interest),
            }
            for item in notice.items
        ],
    }
