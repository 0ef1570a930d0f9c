"""A labelled directory of bank movements, read and checked (banking 4.4)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from faktura.kernel.errors import FieldInvalid, FileUnreadable, shortened


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CustomerShape(_Shape):
    """A customer; `ibans` are accounts that he is known to pay from."""

    id: str
    customer_no: str
    name: str
    ibans: tuple[str, ...]
    mandate: str | None


class DiscountShape(_Shape):
    """Cash discount until that day, inclusive."""

    percent: Decimal
    until: date


class InvoiceShape(_Shape):
    """An open document; credit is negative."""

    number: str
    customer: str
    open: Decimal
    currency: str
    issued: date
    due: date
    skonto: DiscountShape | None
    credit_note: bool = False


class PaidShape(_Shape):
    """A document that has nothing open."""

    number: str
    customer: str
    gross: Decimal
    paid_on: date


class DebitShape(_Shape):
    """A document that was collected by direct debit."""

    number: str
    customer: str
    gross: Decimal
    collected_on: date
    end_to_end_id: str
    mandate_id: str | None


class AmountShape(_Shape):
    """An amount in a currency of its own."""

    amount: Decimal
    currency: str


class TransactionShape(_Shape):
    """A booked movement as the bank gave it; `amount` is signed."""

    id: str
    booking_date: date
    amount: Decimal
    currency: str
    counterparty_name: str | None
    counterparty_iban: str | None
    remittance_lines: tuple[str, ...]
    end_to_end_id: str | None
    mandate_id: str | None
    gvc: str | None
    btc: str | None
    return_reason: str | None
    instructed_amount: AmountShape | None
    charges: Decimal | None
    structured_reference: str | None = None


class PartShape(_Shape):
    """What of a movement belongs to a document."""

    invoice: str
    amount: Decimal


class LabelShape(_Shape):
    """What is right for a movement; tier 1 must be automatic, tier 2 may be."""

    id: str
    cls: str
    action: str
    tier: int
    category: str
    allocation: tuple[PartShape, ...]
    alternatives: tuple[tuple[PartShape, ...], ...] = ()
    fee: Decimal | None = None
    writeoff: Decimal | None = None
    reverses: str | None = None
    note: str = ""


@dataclass(slots=True)
class LabelledSet:
    """What a directory holds, in its order."""

    customers: list[CustomerShape] = field(default_factory=list)
    open_invoices: list[InvoiceShape] = field(default_factory=list)
    paid_invoices: list[PaidShape] = field(default_factory=list)
    collected_direct_debits: list[DebitShape] = field(default_factory=list)
    transactions: list[TransactionShape] = field(default_factory=list)
    labels: dict[str, LabelShape] = field(default_factory=dict)

    @property
    def settled(self) -> list[tuple[str, str]]:
        """Number and customer of every document that has nothing open."""
        debits = [(one.number, one.customer) for one in self.collected_direct_debits]
        return [*((one.number, one.customer) for one in self.paid_invoices), *debits]


S = TypeVar("S", bound=_Shape)


def labelled_set(files: dict[str, list[dict[str, Any]]]) -> LabelledSet:
    """The set of these files by name; raises FieldInvalid for what is not of the shape."""
    found = LabelledSet(
        _rows(files, "customers", CustomerShape),
        _rows(files, "open_invoices", InvoiceShape),
        _rows(files, "paid_invoices", PaidShape),
        _rows(files, "collected_direct_debits", DebitShape),
        _rows(files, "transactions", TransactionShape),
        {label.id: label for label in _rows(files, "labels", LabelShape)},
    )
    _check(found)
    return found


def read_set(directory: Path) -> LabelledSet:
    """The set in a directory; raises FileUnreadable and FieldInvalid, which name the file."""
    files: dict[str, list[dict[str, Any]]] = {}
    for name in LabelledSet.__dataclass_fields__:
        path = directory / f"{name}.json"
        try:
            rows = TypeAdapter(list[dict[str, Any]]).validate_json(path.read_bytes())
        except OSError as error:
            raise FileUnreadable(
                f"it cannot be read: {error.strerror}",
                place=str(path),
                mend="Name a directory of the shape that faktura.testing.recon_sets writes",
            ) from None
        except ValidationError:
            raise FileUnreadable("it is no JSON list of objects", place=str(path)) from None
        files[name] = rows
    return labelled_set(files)


def _rows(files: dict[str, list[dict[str, Any]]], name: str, shape: type[S]) -> list[S]:
    rows: list[S] = []
    for no, row in enumerate(files[name], 1):
        try:
            rows.append(shape.model_validate(row))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(step) for step in first["loc"])
            raise FieldInvalid(
                shortened(first["msg"]), place=f"{name}.json, entry {no}, {where}"
            ) from None
    return rows


def _check(found: LabelledSet) -> None:
    """Whatever is referred to must be there: a label of nothing would never be scored."""
    customers = {one.id for one in found.customers}
    _require("customers", (customer for _, customer in found.settled), customers)
    _require("customers", (one.customer for one in found.open_invoices), customers)
    ids = {one.id for one in found.transactions}
    _require("transactions", found.labels, ids)
    _require("labels", ids, set(found.labels))
    for label in found.labels.values():
        if label.action not in ("auto", "propose", "none", "reverse") or label.tier not in (1, 2):
            raise FieldInvalid(
                f"“{label.action}” of tier {label.tier} is no label",
                place=f"labels.json, {label.id}",
            )


def _require(name: str, wanted: Iterable[str], known: set[str]) -> None:
    for one in wanted:
        if one not in known:
            raise FieldInvalid(f"“{shortened(one)}” is not in it", place=f"{name}.json")
