"""Payments that a person must decide: short, too much, mistyped, ambiguous, paid twice."""

from datetime import timedelta

from faktura.testing.recon_names import iban, written_out
from faktura.testing.recon_paid import Case
from faktura.testing.recon_world import (
    Bill,
    Payer,
    Row,
    World,
    allocation,
    discount_of,
    euros,
    whole,
)

_PROPOSE = "partial/propose/1"
_UNSURE = "ambiguous/propose/1"
_WEAK = "ambiguous/propose/2"


def _wire(world: World, bill: Bill, cents: int, line: str, **more: object) -> Row:
    payer = world.payer_of(world.customer_of(bill))
    return world.wire(cents, [line], payer, **more)


def underpaid(world: World) -> None:
    """A part of what is open."""
    bill = world.bill()
    paid = bill.cents * world.rng.choice((25, 50, 90)) // 100
    transaction = _wire(world, bill, paid, f"Teilzahlung {bill.number}")
    world.book("p_underpaid", _PROPOSE, transaction, [(bill.number, paid)])


def overpaid(world: World) -> None:
    """More than is open; the rest is credit."""
    bill = world.bill()
    over = world.rng.choice((1, 10, 500, 10_000))
    transaction = _wire(world, bill, bill.cents + over, bill.number)
    world.book("p_overpaid", _PROPOSE, transaction, whole(bill))


def discount_in_time(world: World) -> None:
    """One to three documents, each less its cash discount."""
    until = world.today + timedelta(days=world.rng.randrange(0, 9))
    customer = world.any_customer()
    count = world.rng.choice((1, 1, 2, 3))
    bills = [world.bill("RE", customer, until=until) for _ in range(count)]
    parts = [(bill.number, bill.cents - discount_of(bill.cents, 2)) for bill in bills]
    off = sum(discount_of(bill.cents, 2) for bill in bills)
    text = " ".join(bill.number for bill in bills) + " abzgl. 2% Skonto"
    day = str(until - timedelta(days=1))
    transaction = _wire(world, bills[0], sum(p for _, p in parts), text, booking_date=day)
    category = "p_discount_in_time" if count == 1 else "p_discount_of_several"
    world.book(category, _PROPOSE, transaction, parts, writeoff=euros(off))


def discount_too_late(world: World) -> None:
    """The discount was taken after its day and the days of grace."""
    until = world.today - timedelta(days=world.rng.randrange(10, 30))
    bill = world.bill("RE", until=until)
    paid = bill.cents - discount_of(bill.cents, 2)
    transaction = _wire(world, bill, paid, f"{bill.number} abzgl. 2% Skonto")
    world.book("p_discount_late", _PROPOSE, transaction, [(bill.number, paid)], writeoff=None)


def wrong_total(world: World) -> None:
    """Three are named, the amount is not their sum; the label names the candidates."""
    bills = [world.bill() for _ in range(3)]
    paid = sum(bill.cents for bill in bills) - 1_256
    transaction = _wire(world, bills[0], paid, " ".join(bill.number for bill in bills))
    world.book("p_wrong_total", _PROPOSE, transaction, whole(*bills))


def one_was_paid(world: World) -> None:
    """Two are named, one of them has nothing open."""
    bill = world.bill()
    other = world.settled(world.customer_of(bill))
    transaction = _wire(world, bill, bill.cents + other.cents, f"{bill.number} {other.number}")
    world.book("p_one_was_paid", _PROPOSE, transaction, whole(bill))


def was_paid(world: World) -> None:
    """What is named has nothing open: credit, or money to send back."""
    bill = world.settled()
    transaction = _wire(world, bill, bill.cents, f"Rechnung {bill.number}")
    world.book("p_was_paid", _PROPOSE, transaction)


def paid_twice(world: World) -> None:
    """The same transfer again, some days later."""
    bill = world.bill()
    first = _wire(world, bill, bill.cents, f"Rechnung {bill.number}")
    place = world.book("s_first", "full/auto/1", first, whole(bill))
    again = _wire(world, bill, bill.cents, f"Rechnung {bill.number}")
    world.book("s_second", _PROPOSE, again, after=place)


def other_currency(world: World) -> None:
    """The same figure in another currency."""
    bill = world.bill("RE", currency="CHF")
    transaction = _wire(world, bill, bill.cents, bill.number)
    world.book("p_other_currency", _PROPOSE, transaction, whole(bill))


def from_abroad(world: World) -> None:
    """Sent in dollars, or the banks kept charges."""
    bill = world.bill()
    if world.rng.random() < 0.5:
        paid, charges = bill.cents * 97 // 100, "0.00"
        sent = {"amount": euros(bill.cents * 105 // 100), "currency": "USD"}
        category = "p_foreign_currency"
    else:
        paid, charges = bill.cents - 1_500, "15.00"
        sent = {"amount": euros(bill.cents), "currency": "EUR"}
        category = "p_charges_kept"
    codes = {"gvc": "202", "btc": "PMNT/RCDT/XBCT"}
    line = f"INVOICE {bill.number}"
    transaction = _wire(world, bill, paid, line, instructed_amount=sent, charges=charges, **codes)
    world.book(category, _PROPOSE, transaction, [(bill.number, paid)])


def more_than_named(world: World) -> None:
    """One is named, the amount is for that and one more of the customer."""
    customer = world.add_customer(known=True)
    bills = [world.bill("RE", customer), world.bill("RE", customer)]
    paid = sum(bill.cents for bill in bills)
    transaction = _wire(world, bills[0], paid, f"{bills[0].number} und weitere")
    world.book("p_more_than_named", _PROPOSE, transaction, whole(*bills))


def one_of_named(world: World) -> None:
    """Two are named, the amount is that of one."""
    bill, other = world.bill(), world.bill()
    transaction = _wire(world, bill, bill.cents, f"{bill.number}, {other.number} folgt separat")
    world.book("p_one_of_named", _PROPOSE, transaction, whole(bill))


def number_of_another(world: World) -> None:
    """The number belongs to somebody else; payer and amount say what is meant."""
    bill = world.bill("RE", world.any_customer(known=True))
    other = world.bill("RE", world.add_customer())
    transaction = _wire(world, bill, bill.cents, f"Rechnung {other.number}")
    world.book("p_number_of_another", _PROPOSE, transaction, whole(bill))


def mistyped(world: World) -> None:
    """No document has that number; payer and amount say what is meant."""
    bill = world.bill("RE", world.any_customer(known=True))
    wrong = f"RE-{world.year}-{world.rng.randrange(910_000, 990_000)}"
    transaction = _wire(world, bill, bill.cents, f"Rechnung {wrong}")
    world.book("p_mistyped", _PROPOSE, transaction, whole(bill))


def credit_not_named(world: World) -> None:
    """Less a credit note that the text does not name."""
    customer = world.add_customer(known=True)
    bill = world.bill("RE", customer)
    credit = world.bill("GS", customer, cents=-world.rng.randrange(500, 1_900))
    paid = bill.cents + credit.cents
    transaction = _wire(world, bill, paid, bill.number)
    world.book("p_credit_not_named", _PROPOSE, transaction, [(bill.number, paid)])


def payer_and_amount(world: World) -> None:
    """No number; the account and the amount are those of one document."""
    bill = world.bill(None, world.any_customer(known=True))
    line = world.rng.choice(("Danke", "", "Rechnung", "wie besprochen"))
    transaction = _wire(world, bill, bill.cents, line)
    world.book("a_payer_and_amount", _WEAK, transaction, whole(bill))


def name_and_amount(world: World) -> None:
    """No number, no known account; the name, perhaps without umlauts, and the amount."""
    bill = world.bill(None, world.add_customer(known=False))
    name = world.customer_of(bill)["name"]
    shown = world.rng.choice((name, written_out(name), name.upper()))
    transaction = world.wire(bill.cents, ["Ueberweisung"], Payer(shown, iban(world.rng)))
    world.book("a_name_and_amount", _WEAK, transaction, whole(bill))


def two_of_one_name(world: World) -> None:
    """Two customers have the payer's name and a document of that amount."""
    name = world.fresh_name()
    owners = [world.add_customer(name, known=False) for _ in range(2)]
    first = world.bill(None, owners[0])
    second = world.bill(None, owners[1], cents=first.cents)
    transaction = world.wire(first.cents, ["Ueberweisung"], Payer(name, iban(world.rng)))
    alternatives = [allocation(whole(bill)) for bill in (first, second)]
    world.book("a_two_of_one_name", _UNSURE, transaction, alternatives=alternatives)


def equal_amounts(world: World) -> None:
    """The customer has two documents of that amount."""
    customer = world.add_customer(known=True)
    first = world.bill("RE", customer)
    second = world.bill("RE", customer, cents=first.cents)
    transaction = _wire(world, first, first.cents, "Rechnung wie besprochen")
    alternatives = [allocation(whole(bill)) for bill in (first, second)]
    world.book("a_equal_amounts", _UNSURE, transaction, alternatives=alternatives)


def two_years(world: World) -> None:
    """The number without its year is there twice, with one amount."""
    tail = world.tail()
    customer = world.any_customer()
    before = world.bill_numbered(f"{world.year - 1}/{tail}", customer)
    now = world.bill_numbered(f"{world.year}/{tail}", customer, before.cents)
    transaction = _wire(world, now, now.cents, f"Rechnung {tail}")
    alternatives = [allocation(whole(bill)) for bill in (before, now)]
    world.book("a_two_years", _UNSURE, transaction, alternatives=alternatives)


def cut_off(world: World) -> None:
    """Only the beginning of the number is left; the amount tells which."""
    bill = world.bill("RE")
    transaction = _wire(world, bill, bill.cents, f"Zahlung zu {bill.number[:-2]}")
    world.book("a_cut_off", _WEAK, transaction, whole(bill))


def sum_of_some(world: World) -> None:
    """No number; two of the payer's documents add up to it, and no others."""
    customer = world.add_customer(known=True)
    bills = [world.bill("RE", customer, cents=world.fresh_cents()) for _ in range(4)]
    parts = whole(bills[0], bills[2])
    transaction = _wire(world, bills[0], sum(cents for _, cents in parts), "Zahlung")
    world.book("a_sum_of_some", _WEAK, transaction, parts)


CASES: tuple[tuple[Case, int], ...] = (
    (underpaid, 4),
    (overpaid, 4),
    (discount_in_time, 6),
    (discount_too_late, 2),
    (wrong_total, 3),
    (one_was_paid, 2),
    (was_paid, 2),
    (paid_twice, 3),
    (other_currency, 2),
    (from_abroad, 3),
    (more_than_named, 3),
    (one_of_named, 3),
    (number_of_another, 2),
    (mistyped, 3),
    (credit_not_named, 2),
    (payer_and_amount, 4),
    (name_and_amount, 3),
    (two_of_one_name, 2),
    (equal_amounts, 3),
    (two_years, 2),
    (cut_off, 2),
    (sum_of_some, 2),
)
