"""What becomes of documents and of the frame: taken back, billed anew, credited; a successor."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.lives.day_table import Cycle
from tests.lives.dealings import run
from tests.lives.machine import Life, Step, chosen_day
from tests.lives.records import ContractRecord, ItemRecord
from tests.lives.world import given, offers_for

from faktura.domain.line_parts import LinePart
from faktura.kernel.contract_terms import InvoiceDateReason
from faktura.kernel.errors import OutOfRange
from faktura.services.cancelling import Cancelling, cancel_invoice
from faktura.services.contract_discounts import add_contract_discount
from faktura.services.correcting import Correcting, correct_invoice
from faktura.services.imports.change_fields import LargeUpgradeFields
from faktura.services.imports.discount_fields import ContractDiscountFields
from faktura.services.interim_billing import bill_interim
from faktura.services.invoice_dates import InvoiceDateMove, move_invoice_date
from faktura.services.large_upgrades import upgrade_large
from faktura.services.rebilling import rebill_invoice

_DAY = timedelta(days=1)


def _invoice(life: Life, step: Step) -> Any:
    invoices = _invoices(life)
    if not invoices:
        run(life, life.record)
        life.books = life.read()
        invoices = _invoices(life)
    if not invoices:
        raise OutOfRange("there is no invoice yet")
    return invoices[-1 - step.item % len(invoices)]


def _invoices(life: Life) -> list[Any]:
    found = (row for row in life.books.documents.values() if row.kind == "INVOICE")
    return sorted(found, key=lambda row: str(row.number))


def cancel(life: Life, step: Step) -> str:
    """An invoice is taken back; what it billed waits again, or is given away."""
    invoice, bill_again = _invoice(life, step), step.how % 4 > 0
    with life.write() as tx:
        how = Cancelling(life.today, "Irrtum", bill_again)
        cancel_invoice(tx, life.world.desk(), invoice.number, how)
    if not bill_again:
        _given_away(life, invoice)
    return f"{invoice.number}, billed again: {bill_again}"


def _given_away(life: Life, invoice: Any) -> None:
    for row in life.books.standing:
        if row.document_id != invoice.id:
            continue
        (record,) = [one for one in life.records if one.id == row.contract_id]
        if row.item_id is None:
            listed = life.books.lines[row.document_id, row.line_no].list_net
            key = next(key for key, minor in record.one_offs.items() if minor == listed)
            del record.one_offs[key]
        else:
            record.given_away.add((row.item_id, row.service_start, row.service_end))


def rebill(life: Life, step: Step) -> str:
    """An invoice is taken back and made anew at once."""
    invoice = _invoice(life, step)
    with life.write() as tx:
        how = Cancelling(life.today, "Neue Anschrift")
        rebill_invoice(tx, life.world.desk(), invoice.number, how)
    return str(invoice.number)


def correct(life: Life, step: Step) -> str:
    """A part of a line is credited, as goodwill: the service counts as it did."""
    invoice = _invoice(life, step)
    numbers = [no for document, no in life.books.lines if document == invoice.id]
    key = invoice.id, sorted(numbers)[step.item % len(numbers)]
    rest = life.books.rest(key)
    minor = max(1, rest * (step.how + 1) // 20)
    with life.write() as tx:
        part = LinePart(key[1], Decimal(minor) / 100)
        asked = Correcting((part,), "Kulanz", life.today)
        correct_invoice(tx, life.world.desk(), invoice.number, asked)
    life.credits[key] = life.credits.get(key, 0) + minor
    return f"{invoice.number} line {key[1]}: {minor} of {rest} cents"


def interim(life: Life, step: Step) -> str:
    """What is due is billed at once, with what a run leaves to a person."""
    record = life.records[step.item % len(life.records)]
    with life.write() as tx:
        billed = bill_interim(tx, life.world.desk(), record.number, life.today)
    assert len(billed.documents) <= 1
    return f"{record.number}: {[frozen.number for frozen in billed.documents]}"


def discount(life: Life, step: Step) -> str:
    """The contract gets a discount, per cent or a fixed amount, for ever or for one invoice."""
    wanted = given(
        ContractDiscountFields,
        percent=None if step.how % 2 else "12.5",
        amount="4.99" if step.how % 2 else None,
        next_invoice=step.how % 3 == 0,
        reason="Treue",
    )
    with life.write() as tx:
        add_contract_discount(tx, life.record.number, wanted)
    life.record.discounted = True
    return "12.5 %" if step.how % 2 == 0 else "4.99"


def put_off(life: Life, step: Step) -> str:
    """The next invoice comes later."""
    day = life.today + (step.day + 1) * _DAY
    move = InvoiceDateMove(day, InvoiceDateReason.PAUSE, "Umbau")
    with life.write() as tx:
        move_invoice_date(tx, life.world.tenant, life.record.number, move, life.today)
    life.record.not_before = day
    return f"to {day}"


def succeed(life: Life, step: Step) -> str:
    """A large upgrade: the contract ends to the day, a successor with another frame goes on."""
    old, day = life.record, chosen_day(life, step)
    count, inherit = 1 + step.how % 3, bool(step.how % 2)
    offers = offers_for(old.interval.unit)
    items = [offers[(step.item + no) % len(offers)] for no in range(1 + step.how % 2)]
    wanted = given(
        LargeUpgradeFields,
        date=day,
        billing_interval={"count": count, "unit": old.interval.unit},
        inherit_contract_start=inherit,
        subscriptions=[
            {"items": [{"article_number": offer.number, "quantity": "2"} for offer in items]}
        ],
    )
    with life.write() as tx:
        asked = life.world.asked(old.number, life.today)
        done = upgrade_large(tx, life.world.desk(), asked, wanted)
    assert done.successor is not None
    old.end, old.state = day, "TERMINATED"
    for key, item in old.items.items():
        if item.runs_behind(day):
            old.items[key] = item.ended(day)
    anchor = old.anchor if inherit else day
    new = ContractRecord(
        done.successor.id,
        done.successor.number,
        day,
        Cycle(count, old.interval.unit),
        anchor,
        old.in_advance,
        old.convention,
        state="ACTIVE",
        discounted=old.discounted,
    )
    life.records.append(new)
    life.adopt(new, [ItemRecord(offer, Fraction(2), anchor, day) for offer in items])
    return f"{old.number} ends on {day}, {new.number} follows, inherits the start: {inherit}"
