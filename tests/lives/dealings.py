"""The everyday of a contract: activated, billed, one-offs, payments and what comes of them."""

from datetime import timedelta
from fractions import Fraction

from tests.lives.day_table import rounded
from tests.lives.machine import Life, Step, chosen_day
from tests.lives.records import ContractRecord
from tests.lives.world import OFFERS, given
from tests.services.billing.scene import NoFormats

from faktura.flows.billing import run_billing
from faktura.kernel.errors import OutOfRange
from faktura.kernel.money import Money
from faktura.services.contracts import activate_contracts, add_activity
from faktura.services.imports.contract_file import ActivityFields
from faktura.services.ledger import Source, open_ledger
from faktura.services.payments import keep_credit, pay, take_back
from faktura.store.billing import Scope

_DAY = timedelta(days=1)


def activate(life: Life, _step: Step) -> str:
    """The draft becomes active."""
    with life.write() as tx:
        activate_contracts(tx, life.world.tenant, [life.record.number])
    life.record.state = "ACTIVE"
    return life.record.number


def bill(life: Life, step: Step) -> str:
    """The run of the day for one of the contracts."""
    return run(life, life.records[step.item % len(life.records)])


def run(life: Life, record: ContractRecord) -> str:
    """Bill a contract and see that what is due was billed."""
    receipt = run_billing(
        life.world.database,
        life.world.tenant,
        NoFormats(),
        life.today,
        scope=Scope(contract_id=record.id),
    )
    assert not receipt.totals.quarantined, "a contract was held back"
    books = life.read()
    billed = {
        (row.item_id, row.service_start): row
        for row in books.standing
        if row.contract_id == record.id and row.item_id
    }
    for item_id, item in record.items.items():
        for stretch in record.table(item, life.today):
            if record.state in ("ACTIVE", "TERMINATED") and record.is_due(
                item, stretch, life.today
            ):
                days = [row for row in billed.values() if row.item_id == item_id]
                covered = any(row.service_start <= stretch.start < row.service_end for row in days)
                assert covered, f"{stretch} of {item} is due and was not billed"
    return f"{record.number}: {receipt.totals.documents} documents"


def use(life: Life, step: Step) -> str:
    """A one-off or usage, which goes with the next invoice or from a day on."""
    record, offer = life.record, list(OFFERS.values())[step.item % len(OFFERS)]
    day = chosen_day(life, step)
    quantity = Fraction(step.how + 1, 4 if step.how % 2 else 1)
    own_price = Fraction(777, 100) if step.how % 5 == 0 else None
    wanted = given(
        ActivityFields,
        article_number=offer.number,
        origin="USAGE" if step.how % 2 else "ONE_OFF",
        quantity=quantity,
        from_=day,
        invoice_on=None if step.day % 2 else day + step.how * _DAY,
        manual=step.day % 2 == 1 and step.how % 4 == 0,
        unit_price=None if own_price is None else "7.77",
    )
    with life.write() as tx:
        recorded = add_activity(tx, life.world.tenant, record.number, wanted)
    price = [price for first, price in offer.prices if first <= day][-1]
    price = price if own_price is None else own_price
    record.one_offs[recorded.id] = rounded(price * quantity * 100)
    return f"{quantity} {offer.number} on {day}: {record.one_offs[recorded.id]} cents"


def settle(life: Life, step: Step) -> str:
    """Money comes in for a document: all of it, a part, or more, which stays as credit."""
    number, open_ = _open_document(life, step)
    minor = {0: open_, 1: (open_ + 1) // 2, 2: open_ + 500}.get(step.how % 4, open_)
    with life.write() as tx:
        ledger = open_ledger(tx, life.world.tenant, [number])
        source = _source(life)
        pay(ledger, source, number, Money(min(minor, open_), "EUR"))
        if minor > open_:
            keep_credit(ledger, source, life.world.customer.id, Money(minor - open_, "EUR"))
        ledger.write(tx)
    life.paid += minor
    return f"{number}: {minor} of {open_} cents"


def bounce(life: Life, step: Step) -> str:
    """A payment is taken back by the bank."""
    numbers = [d.number for d in life.books.documents.values()]
    with life.write() as tx:
        ledger = open_ledger(tx, life.world.tenant, numbers)
        payments = ledger.payments()
        if not payments:
            raise OutOfRange("nothing was paid yet")
        payment = payments[step.item % len(payments)]
        take_back(ledger, _source(life), [payment], Money(0, "EUR"))
        ledger.write(tx)
    life.paid -= payment.amount.minor
    return f"{payment.number}: {payment.amount}"


def _open_document(life: Life, step: Step) -> tuple[str, int]:
    owed = _owed(life)
    if not owed:
        run(life, life.record)
        life.books = life.read()
        owed = _owed(life)
    if not owed:
        raise OutOfRange("nothing is open")
    return owed[step.item % len(owed)]


def _owed(life: Life) -> list[tuple[str, int]]:
    numbers = {row.id: row.number for row in life.books.documents.values()}
    return sorted((numbers[key], minor) for key, minor in life.books.open.items() if minor > 0)


def _source(life: Life) -> Source:
    return Source(
        life.world.database.new_id(),
        life.today,
        life.today,
        "DE02120300000000202051",
        "1200",
        "Zahlung",
        None,
        None,
    )
