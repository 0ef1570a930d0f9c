"""What a deposit consists of: its net and VAT by tax case and rate, received, deducted (F061, P19).

VAT falls due with the money, before the service; so every part of a deposit that is received, given
back or deducted is known by its net and VAT, never as a bare gross amount.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from faktura.domain.documents import DocumentRecord
from faktura.kernel.errors import IntegrityBroken
from faktura.kernel.money import Money
from faktura.kernel.rounding import split
from faktura.kernel.terms import TaxCase, TaxCategory

_Rate = tuple[TaxCategory, Decimal]
# Shares are whole minor units; which currency they are of makes no difference to a split.
_ANY = "EUR"


@dataclass(frozen=True, slots=True)
class Taxed:
    """How an amount is taxed: its case, category and rate in per cent, and where."""

    case: TaxCase
    category: TaxCategory
    rate: Decimal
    country: str


@dataclass(frozen=True, slots=True)
class DepositShare:
    """The part of a deposit that is taxed alike; minor units of the deposit's currency, signed."""

    taxed: Taxed
    net: int
    tax: int

    @property
    def gross(self) -> int:
        """Net and VAT."""
        return self.net + self.tax


Shares = tuple[DepositShare, ...]


@dataclass(frozen=True, slots=True)
class DepositPayment:
    """A share of money that counts for a deposit; `reverses_no` names the one that it undoes.

    `no` counts the deposit's allocations, `amount` is in minor units, negative when it undoes.
    """

    no: int
    amount: int
    reverses_no: int | None = None


@dataclass(frozen=True, slots=True)
class DeductedDeposit:
    """A deposit as a final invoice deducts it: requested, received, and how it was taxed (F061)."""

    document_id: UUID
    number: str
    issued_on: date
    received_on: date
    shares: Shares

    @property
    def gross(self) -> int:
        """What is deducted of the final invoice's gross amount, in minor units."""
        return sum(share.gross for share in self.shares)


@dataclass(frozen=True, slots=True)
class CreditPart:
    """A part of a payment without invoice that becomes a deposit; `amount` > 0.

    `transaction_no` is that of the customer's account; movement and key are the payment's.
    """

    transaction_no: int
    amount: Money
    value_date: date
    movement_id: UUID | None
    entry_key: str


def shares_of(lines: Iterable[tuple[Taxed, int]], vat: Mapping[_Rate, int]) -> Shares:
    """Nets by how they are taxed with their VAT; a rate's VAT is split between its cases."""
    nets: dict[Taxed, int] = {}
    for taxed, net in lines:
        nets[taxed] = nets.get(taxed, 0) + net
    found: list[DepositShare] = []
    for (category, rate), tax in vat.items():
        own = [taxed for taxed in nets if (taxed.category, taxed.rate) == (category, rate)]
        parts = split(Money(tax, _ANY), [abs(nets[taxed]) for taxed in own])
        found += [
            DepositShare(taxed, nets[taxed], part.minor)
            for taxed, part in zip(own, parts, strict=True)
        ]
    return tuple(found)


def record_shares(record: DocumentRecord) -> Shares:
    """The shares of an issued deposit, or of what corrects one, as they were frozen."""
    rows = cast("list[dict[str, Any]]", record.snapshot["vat"])
    vat = {
        (TaxCategory(row["category"]), Decimal(str(row["rate"]))): int(row["tax"]) for row in rows
    }
    lines = [
        (
            Taxed(line.tax_case, line.tax_category, line.tax_rate, line.tax_country),
            line.net.minor,
        )
        for line in record.lines
    ]
    return shares_of(lines, vat)


def added(*several: Shares) -> Shares:
    """Shares summed by how they are taxed; what comes to nothing is left out."""
    sums: dict[Taxed, tuple[int, int]] = {}
    for share in (share for shares in several for share in shares):
        net, tax = sums.get(share.taxed, (0, 0))
        sums[share.taxed] = net + share.net, tax + share.tax
    return tuple(DepositShare(taxed, *both) for taxed, both in sums.items() if any(both))


def negated(shares: Shares) -> Shares:
    """The same amounts the other way round."""
    return tuple(DepositShare(share.taxed, -share.net, -share.tax) for share in shares)


def received_parts(deposit: Shares, payments: Sequence[DepositPayment]) -> dict[int, Shares]:
    """What each payment brought of each share, by the payment's number.

    Cumulative rounding: whatever is received by then is split like the deposit, and a payment is the
    difference to what the payments before it brought; so all of them sum to the deposit's VAT, to
    the cent. What undoes a payment is exactly that payment. Raises IntegrityBroken for more money
    than the deposit is over.
    """
    parts: dict[int, Shares] = {}
    booked: Shares = ()
    for payment in payments:
        if payment.reverses_no in parts:
            part = negated(parts[payment.reverses_no])
        else:
            upto = _gross(booked) + payment.amount
            part = added(_upto(deposit, upto), negated(booked))
        parts[payment.no] = part
        booked = added(booked, part)
    received, whole = _gross(booked), _gross(deposit)
    if not 0 <= received <= whole:
        raise IntegrityBroken(f"{received} of a deposit over {whole} would be received")
    return parts


def _upto(deposit: Shares, gross: int) -> Shares:
    if not gross or not deposit:
        return ()
    # What came and went before a correction may have been more than is left of the deposit.
    weights = [minor for share in deposit for minor in (share.net, share.tax)]
    parts = [part.minor for part in split(Money(gross, _ANY), weights)]
    return tuple(
        DepositShare(share.taxed, parts[2 * no], parts[2 * no + 1])
        for no, share in enumerate(deposit)
    )


def _gross(shares: Shares) -> int:
    return sum(share.gross for share in shares)


def deducted_facts(deposit: DeductedDeposit) -> dict[str, object]:
    """A deducted deposit as the snapshot of the final invoice keeps it; minor units."""
    return {
        "documentId": str(deposit.document_id),
        "number": deposit.number,
        "issuedOn": str(deposit.issued_on),
        "receivedOn": str(deposit.received_on),
        "net": sum(share.net for share in deposit.shares),
        "vat": [
            {
                "case": share.taxed.case.value,
                "category": share.taxed.category.value,
                "rate": str(share.taxed.rate),
                "country": share.taxed.country,
                "net": share.net,
                "tax": share.tax,
            }
            for share in deposit.shares
        ],
        "gross": deposit.gross,
    }


def deducted_deposits(snapshot: Mapping[str, object]) -> tuple[DeductedDeposit, ...]:
    """The deposits that a final invoice deducted, from its snapshot; none for other documents."""
    given = cast("Sequence[Mapping[str, Any]]", snapshot.get("deposits", ()))
    return tuple(
        DeductedDeposit(
            UUID(one["documentId"]),
            one["number"],
            date.fromisoformat(one["issuedOn"]),
            date.fromisoformat(one["receivedOn"]),
            tuple(
                DepositShare(
                    Taxed(
                        TaxCase(row["case"]),
                        TaxCategory(row["category"]),
                        Decimal(row["rate"]),
                        row["country"],
                    ),
                    row["net"],
                    row["tax"],
                )
                for row in one["vat"]
            ),
        )
        for one in given
    )
