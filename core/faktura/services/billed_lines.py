"""What the lines of new documents bill: periods of items, one-offs, reopened periods."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from faktura.domain.charges import Charge
from faktura.domain.contract_discounts import uses_of
from faktura.domain.invoices import DraftDocument
from faktura.kernel.rounding import percent_of
from faktura.kernel.terms import Origin
from faktura.store.activities import (
    BilledActivity,
    BilledOneOff,
    add_billed,
    encode_billed,
    mark_billed,
)
from faktura.store.bulk import Row
from faktura.store.discounts import write_discount_uses
from faktura.store.facts import FrozenDocument
from faktura.store.transaction import Tx

if TYPE_CHECKING:
    from faktura.domain.discounts import DiscountUse


@dataclass(frozen=True, slots=True)
class BilledLines:
    """What lines bill, ready to be written once their documents are."""

    run_id: UUID | None
    recurring: Sequence[Row]
    one_offs: Sequence[BilledOneOff]
    uses: Mapping[UUID, Sequence[tuple[UUID, "DiscountUse"]]]

    def write(self, tx: Tx) -> None:
        """Record it; raises Conflict where an activity is billed already."""
        add_billed(tx, self.recurring)
        mark_billed(tx, self.one_offs, self.run_id)
        write_discount_uses(tx, self.uses)


def write_billed_lines(
    tx: Tx, documents: Sequence[FrozenDocument], free: Sequence[DraftDocument], run_id: UUID | None
) -> None:
    """Record the lines of documents, and of drafts of no amount, as billed activities."""
    billed_lines(tx, documents, free, run_id).write(tx)


def billed_lines(
    tx: Tx, documents: Sequence[FrozenDocument], free: Sequence[DraftDocument], run_id: UUID | None
) -> BilledLines:
    """What these lines bill: nothing is written, and the documents need not be there yet."""
    recurring: list[BilledActivity] = []
    one_offs: list[BilledOneOff] = []
    uses: dict[UUID, list[tuple[UUID, DiscountUse]]] = {}
    billed: Iterable[tuple[UUID | None, DraftDocument]] = [
        *((frozen.id, frozen.draft) for frozen in documents),
        *((None, draft) for draft in free),
    ]
    for document_id, draft in billed:
        for no, charge in enumerate(draft.charges, 1):
            line_no = no if document_id else None
            contract_id = charge.contract_id or draft.contract.id
            activity_id = charge.activity_id or tx.new_id()
            net, gross = charge.net.minor, _gross(charge)
            if charge.activity_id is not None:
                one_offs.append(BilledOneOff(charge.activity_id, net, gross, document_id, line_no))
            elif charge.item_id is not None:
                recurring.append(
                    BilledActivity(
                        activity_id,
                        contract_id,
                        charge.item_id,
                        charge.article.id,
                        Origin.SUBSCRIPTION,
                        charge.service,
                        charge.item_quantity,
                        net,
                        gross,
                        document_id,
                        line_no,
                    )
                )
            if charge.discounts:
                uses.setdefault(contract_id, []).extend(uses_of(activity_id, charge))
    return BilledLines(run_id, encode_billed(tx, recurring, run_id), one_offs, uses)


def _gross(charge: Charge) -> int:
    """The activity's gross amount for information (F059); the document's VAT is not its sum."""
    return charge.net.minor + percent_of(charge.net, charge.tax.rate).minor
