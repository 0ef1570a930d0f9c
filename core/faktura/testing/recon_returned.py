"""Direct debits that came back, in the ways banks book them."""

from datetime import timedelta

from faktura.testing.recon_names import iban
from faktura.testing.recon_paid import Case
from faktura.testing.recon_world import Payer, Row, World, euros

_REVERSE = "return/reverse/1"
_PERSON = "return/propose/1"


def _returned(world: World, debit: Row, fee: int, **more: object) -> Row:
    customer = next(row for row in world.customers if row["id"] == debit["customer"])
    fields: Row = {
        "end_to_end_id": debit["end_to_end_id"],
        "mandate_id": debit["mandate_id"],
        "gvc": world.rng.choice(("108", "109")),
        "btc": "PMNT/IDDT/UPDD",
        "return_reason": world.rng.choice(("AM04", "MD06", "MS02", "AC04", "MD01")),
        "instructed_amount": {"amount": debit["gross"], "currency": "EUR"},
        "charges": euros(fee) if fee else None,
        **more,
    }
    cents = -(_cents(debit) + fee)
    lines = ["RUECKLASTSCHRIFT", debit["number"]]
    payer = Payer(customer["name"], (customer["ibans"] or [iban(world.rng)])[0])
    return world.wire(cents, lines, payer, **fields)


def _cents(debit: Row) -> int:
    return int(debit["gross"].replace(".", ""))


def _book(world: World, category: str, debit: Row, fee: int, transaction: Row) -> float:
    return world.book(
        category,
        _REVERSE,
        transaction,
        [(debit["number"], _cents(debit))],
        fee=euros(fee),
        reverses=debit["end_to_end_id"],
    )


def fee_inside(world: World) -> None:
    """The bank's fee is part of the booking."""
    debit, fee = world.debit(), world.rng.choice((138, 250, 300, 795))
    _book(world, "r_fee_inside", debit, fee, _returned(world, debit, fee))


def no_fee(world: World) -> None:
    """Exactly what was collected, and the bank says so."""
    debit = world.debit()
    _book(world, "r_no_fee", debit, 0, _returned(world, debit, 0))


def fee_apart(world: World) -> None:
    """The return is booked bare, its fee as an entry of its own."""
    debit = world.debit()
    bare = _returned(world, debit, 0, instructed_amount=None)
    place = _book(world, "r_fee_separate", debit, 0, bare)
    text = f"ENTGELT RUECKLASTSCHRIFT REF {debit['end_to_end_id']}"
    codes = {"gvc": "808", "btc": "ACMT/MDOP/CHRG"}
    fee = world.wire(-450, [text], Payer("Hausbank", ""), **codes)
    world.book("r_fee_entry", "none/none/1", fee, fee="4.50", after=place)


def mandate_only(world: World) -> None:
    """Neither id nor number: the mandate and the amount; the customer has but one debit of it."""
    debit = world.debit(world.add_customer())
    transaction = _returned(
        world, debit, 0, end_to_end_id="NOTPROVIDED", remittance_lines=["RETOURE"]
    )
    _book(world, "r_mandate_only", debit, 0, transaction)


def text_only(world: World) -> None:
    """An unstructured booking: all that is known stands in the text."""
    debit = world.debit()
    lines = [
        f"Ruecklastschrift EREF+{debit['end_to_end_id']} MREF+{debit['mandate_id']}",
        "Rueckgabegrund: sonstige Gruende",
    ]
    bare = {
        "end_to_end_id": "NOTPROVIDED",
        "mandate_id": None,
        "gvc": "835",
        "btc": None,
        "return_reason": None,
        "instructed_amount": None,
    }
    transaction = _returned(world, debit, 0, remittance_lines=lines, **bare)
    _book(world, "r_text_only", debit, 0, transaction)


def unknown(world: World) -> None:
    """A debit that we never drew."""
    ids = {"end_to_end_id": "ALT-8823", "mandate_id": "ALT-1", "instructed_amount": None}
    stray: Row = {**world.debit(), **ids}
    transaction = _returned(
        world, stray, 0, remittance_lines=["RUECKLASTSCHRIFT", "ALTSYSTEM 8823"], **ids
    )
    world.book("r_unknown", _PERSON, {**transaction, "amount": euros(-world.fresh_cents())})


def sums_differ(world: World) -> None:
    """What was booked is not the original plus the charges that the bank states."""
    debit = world.debit()
    transaction = _returned(world, debit, 300, charges="2.00")
    world.book("r_sums_differ", _PERSON, transaction)


def other_amount(world: World) -> None:
    """The id is ours, the amount is less than was collected."""
    debit = world.debit()
    less = euros(_cents(debit) - 100)
    transaction = _returned(world, debit, 0, instructed_amount={"amount": less, "currency": "EUR"})
    world.book("r_other_amount", _PERSON, {**transaction, "amount": f"-{less}"})


def returned_twice(world: World) -> None:
    """The same debit comes back again: the second is for a person."""
    debit = world.debit()
    place = _book(world, "r_first", debit, 0, _returned(world, debit, 0))
    world.book("r_again", _PERSON, _returned(world, debit, 0), after=place)


def two_of_a_mandate(world: World) -> None:
    """The mandate has two debits of that amount, and nothing tells which."""
    customer = world.add_customer()
    debit = world.debit(customer)
    world.debit(customer)["gross"] = debit["gross"]
    bare = {"end_to_end_id": "NOTPROVIDED", "remittance_lines": ["RETOURE"]}
    world.book("r_two_of_a_mandate", _PERSON, _returned(world, debit, 0, **bare))


def foreign_id(world: World) -> None:
    """The number is ours, the end-to-end id is none of our debits."""
    debit = world.debit()
    transaction = _returned(world, debit, 0, end_to_end_id="ALT-5511")
    world.book("r_foreign_id", _PERSON, transaction)


def before_it_was_collected(world: World) -> None:
    """A return cannot be booked before the debit."""
    debit = world.debit()
    day = str(world.today - timedelta(days=12))
    transaction = _returned(world, debit, 0, booking_date=day)
    world.book("r_before_collected", _PERSON, transaction)


CASES: tuple[tuple[Case, int], ...] = (
    (fee_inside, 4),
    (no_fee, 2),
    (fee_apart, 2),
    (mandate_only, 2),
    (text_only, 2),
    (unknown, 2),
    (sums_differ, 1),
    (other_amount, 1),
    (returned_twice, 1),
    (two_of_a_mandate, 1),
    (foreign_id, 1),
    (before_it_was_collected, 1),
)
