"""Corrections: what an issued document charged is taken back by another document (P18, F064-F067).

Lines are taken back as they were frozen: their price, tax and wording, not those of today. The VAT
of all corrections of a document adds up to the document's own, to the cent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import cast
from uuid import UUID

from faktura.domain.articles import Article, PickedPrice, Price
from faktura.domain.charges import Charge, CorrectedLine
from faktura.domain.contracts import Contract
from faktura.domain.customers import Customer
from faktura.domain.documents import DocumentRecord, LineRecord
from faktura.domain.invoices import DraftDocument, Original, VatTotal, service_of
from faktura.domain.payment_terms import PaymentTerm
from faktura.domain.proration import WHOLE
from faktura.domain.tax import TaxDecision
from faktura.kernel.decimals import ONE
from faktura.kernel.errors import OutOfRange
from faktura.kernel.money import Money
from faktura.kernel.rounding import percent_of
from faktura.kernel.terms import (
    ArticleUnit,
    DocumentKind,
    DocumentLinkKind,
    Origin,
    PaymentMethod,
    TaxCategory,
)

AT_ONCE = PaymentTerm(0)
_VatKey = tuple[TaxCategory, Decimal]


@dataclass(frozen=True, slots=True)
class Correctable:
    """An issued document and what corrections took off its lines so far.

    `taken` is by line number, in minor units, signed against the line. `contracts` are those of a
    collective invoice (F053).
    """

    record: DocumentRecord
    customer: Customer
    contract: Contract
    taken: Mapping[int, int]
    contracts: tuple[Contract, ...] = ()

    def rest(self, line: LineRecord) -> Money:
        """What is left of a line's net."""
        return line.net + Money(self.taken.get(line.no, 0), line.net.currency)

    @property
    def is_used_up(self) -> bool:
        """Whether nothing is left of any line."""
        return not any(self.rest(line) for line in self.record.lines)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A line to take back: all that is left of it, or a part of its net, signed like the line.

    `article` is the article behind the line: its group names the revenue account.
    """

    line: LineRecord
    article: Article
    part: Money | None = None


def correction(
    original: Correctable,
    lines: Sequence[TakenBack],
    on: date,
    kind: DocumentKind,
    reason: str = "",
) -> DraftDocument:
    """The document that takes lines back; amounts are negative where the original charged.

    `reason` is printed on it. Raises OutOfRange for a part that is more than what is left of its
    line.
    """
    record = original.record
    owners = _owners(original)
    charges = tuple(
        replace(_charge(original, taken), contract_id=owners.get(taken.line.no)) for taken in lines
    )
    vat = _vat(original, charges)
    net = Money(sum(row.taxable.minor for row in vat), record.currency)
    tax = Money(sum(row.tax.minor for row in vat), record.currency)
    named = Original(
        record.id, record.number, record.issued_on, DocumentLinkKind.CORRECTS, record.kind
    )
    return DraftDocument(
        kind,
        _as_taxed(original),
        original.contract,
        record.currency,
        on,
        on,
        PaymentMethod(str(record.snapshot["paymentMethod"])),
        AT_ONCE,
        charges,
        vat,
        net,
        tax,
        net + tax,
        service_of(charges),
        (named,),
        original.contracts,
        reason,
    )


def _as_taxed(original: Correctable) -> Customer:
    """The customer under the ids with which the original was taxed: reverse charge hangs on them.

    The tax number decides nothing: where the original had none, today's names the partner.
    """
    buyer = cast("Mapping[str, str]", original.record.snapshot["buyer"])
    return replace(
        original.customer,
        eu_tax_id=buyer["vatId"],
        tax_number=buyer.get("taxNumber") or original.customer.tax_number,
        register_number=buyer["registerNumber"],
    )


def _owners(original: Correctable) -> dict[int, UUID]:
    """The contract of each line of a collective invoice; empty for any other document (F053)."""
    ids = {contract.number: contract.id for contract in original.contracts}
    sections = cast("Sequence[Mapping[str, object]]", original.record.snapshot.get("contracts", ()))
    return {
        no: ids[str(one["number"])]
        for one in sections
        for no in range(cast("int", one["firstLine"]), cast("int", one["lastLine"]) + 1)
        if one["number"] in ids
    }


def _charge(original: Correctable, taken: TakenBack) -> Charge:
    line, rest = taken.line, original.rest(taken.line)
    part = rest if taken.part is None else taken.part
    if taken.part is None and line.no not in original.taken:
        # A line that cost nothing is part of a document that is taken back whole.
        return _whole(original.record, taken)
    if not part or abs(part) > abs(rest) or (part.minor > 0) != (rest.minor > 0):
        raise OutOfRange(
            f"{part} cannot be taken back of line {line.no} of {original.record.number}:"
            f" {rest} are left of it",
            place=f"lines.{line.no}",
            mend="Take back at most what is left",
        )
    return _whole(original.record, taken) if part == line.net else _part(original, taken, part)


def _whole(record: DocumentRecord, taken: TakenBack) -> Charge:
    line = taken.line
    corrected = CorrectedLine(record.id, record.number, line.no, line.derivation)
    return Charge(
        Origin.SUBSCRIPTION,
        None,
        None,
        _as_frozen(taken),
        -Decimal(str(line.derivation.get("quantity", line.quantity))),
        -line.quantity,
        line.unit,
        line.price,
        line.base,
        -line.list_net,
        (),
        -line.discount,
        -line.net,
        _tax(record, line),
        line.service,
        WHOLE,
        PickedPrice(Price(line.price, record.currency), special=True),
        line.description,
        _ledger_account(line),
        corrected,
        costs=line.costs,
    )


def _part(original: Correctable, taken: TakenBack, part: Money) -> Charge:
    line, record = taken.line, original.record
    price = abs(part).decimal
    sign = -ONE if part.minor > 0 else ONE
    return Charge(
        Origin.SUBSCRIPTION,
        None,
        None,
        _as_frozen(taken),
        sign,
        sign,
        ArticleUnit.NONE,
        price,
        ONE,
        -part,
        (),
        Money(0, record.currency),
        -part,
        _tax(record, line),
        line.service,
        WHOLE,
        PickedPrice(Price(price, record.currency), special=True),
        line.description,
        _ledger_account(line),
        CorrectedLine(record.id, record.number, line.no, left=original.rest(line).minor),
        costs=line.costs,
    )


def _as_frozen(taken: TakenBack) -> Article:
    line = taken.line
    return replace(
        taken.article,
        number=line.article_number,
        name=line.name,
        description=line.description,
        cost_centre=line.cost_centre,
    )


def _ledger_account(line: LineRecord) -> str | None:
    account = line.derivation.get("ledgerAccount")
    return None if account is None else str(account)


def _tax(record: DocumentRecord, line: LineRecord) -> TaxDecision:
    """The tax of the original line; its reason stands in the document's VAT table."""
    row = _vat_rows(record).get((line.tax_category, line.tax_rate), {})
    return TaxDecision(
        line.tax_case,
        line.tax_category,
        line.tax_rate,
        line.tax_country,
        str(row.get("reason", "")),
        str(row.get("reasonCode", "")),
    )


def _vat_rows(record: DocumentRecord) -> dict[_VatKey, Mapping[str, object]]:
    rows = cast("list[Mapping[str, object]]", record.snapshot["vat"])
    return {(TaxCategory(str(row["category"])), Decimal(str(row["rate"]))): row for row in rows}


def _vat(original: Correctable, charges: Sequence[Charge]) -> tuple[VatTotal, ...]:
    """What the original's VAT falls by, rate by rate: so corrections sum to it exactly."""
    record, currency = original.record, original.record.currency
    left = _nets_left(original)
    totals = []
    for (category, rate), row in _vat_rows(record).items():
        own = [c for c in charges if (c.tax.category, c.tax.rate) == (category, rate)]
        if not own:
            continue
        before = Money(left[category, rate], currency)
        taxable = Money(sum(charge.net.minor for charge in own), currency)
        tax = _vat_left(record, row, before + taxable) - _vat_left(record, row, before)
        totals.append(
            VatTotal(
                category,
                rate,
                taxable,
                tax,
                str(row.get("reason", "")),
                str(row.get("reasonCode", "")),
            )
        )
    return tuple(totals)


def gross_left(original: Correctable) -> Money:
    """What corrections left of a document's gross amount; less than 0 where only deductions are left."""
    record, left = original.record, _nets_left(original)
    minor = 0
    for key, row in _vat_rows(record).items():
        net = Money(left[key], record.currency)
        minor += (net + _vat_left(record, row, net)).minor
    return Money(minor, record.currency)


def _nets_left(original: Correctable) -> dict[_VatKey, int]:
    left: dict[_VatKey, int] = {}
    for line in original.record.lines:
        key = line.tax_category, line.tax_rate
        left[key] = left.get(key, 0) + original.rest(line).minor
    return left


def _vat_left(record: DocumentRecord, row: Mapping[str, object], taxable: Money) -> Money:
    """The VAT of what is left of a rate's amount; the frozen one while all of it is left."""
    if taxable.minor == cast("int", row["taxable"]):
        return Money(cast("int", row["tax"]), record.currency)
    return percent_of(taxable, Decimal(str(row["rate"])))
