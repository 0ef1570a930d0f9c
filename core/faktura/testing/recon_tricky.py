"""Texts that lead astray: two documents of one look, digits that mean something else, mixed evidence."""

from faktura.testing.recon_names import iban
from faktura.testing.recon_paid import Case
from faktura.testing.recon_world import Bill, Payer, World, allocation, whole

_SURE = "full/auto/1"
_MAYBE = "full/auto/2"
_PROPOSE = "partial/propose/1"
_UNSURE = "ambiguous/propose/1"
_TOLERATED = "none/none/2"


def _pay(
    world: World, category: str, verdict: str, bills: list[Bill], line: str, **more: object
) -> None:
    payer = world.payer_of(world.customer_of(bills[0]))
    cents = sum(bill.cents for bill in bills)
    world.book(category, verdict, world.wire(cents, [line], payer, **more), whole(*bills))


def _one_of(world: World, category: str, bills: list[Bill], line: str) -> None:
    """All of these may be meant, and each has the amount."""
    payer = world.payer_of(world.customer_of(bills[0]))
    transaction = world.wire(bills[0].cents, [line], payer)
    alternatives = [allocation(whole(bill)) for bill in bills]
    world.book(category, _UNSURE, transaction, alternatives=alternatives)


def _stray(world: World, category: str, cents: int, line: str, **more: object) -> None:
    transaction = world.wire(cents, [line], world.stranger(), **more)
    world.book(category, _TOLERATED, transaction)


def same_digits(world: World) -> None:
    """Two series whose numbers have the same digits; the text has no separator of either."""
    tail, customer = world.tail(), world.any_customer()
    first = world.bill_numbered(f"{world.year}/{tail}", customer)
    second = world.bill_numbered(f"{world.year}{tail}", customer, first.cents)
    _one_of(world, "t_same_digits", [first, second], f"Rechnung {world.year} {tail}")


def two_prefixes(world: World) -> None:
    """Only the prefix tells them apart, and it is not written."""
    customer, tail = world.any_customer(), world.tail()
    first = world.bill_numbered(f"RE-{world.year}-77{tail}", customer)
    second = world.bill_numbered(f"AB-{world.year}-77{tail}", customer, first.cents)
    _one_of(world, "t_two_prefixes", [first, second], f"Rechnung {world.year} 77{tail}")


def without_year(world: World) -> None:
    """RE-5123 of two years."""
    customer, tail = world.any_customer(), world.tail()
    first = world.bill_numbered(f"RE-{world.year - 1}-00{tail}", customer)
    second = world.bill_numbered(f"RE-{world.year}-00{tail}", customer, first.cents)
    _one_of(world, "t_without_year", [first, second], f"RE-{tail}")


def shared_account(world: World) -> None:
    """Two customers pay from one account and have a document of that amount."""
    account = iban(world.rng)
    owners = [world.add_customer(known=False) for _ in range(2)]
    for owner in owners:
        owner["ibans"].append(account)
    first = world.bill("RE", owners[0])
    second = world.bill("RE", owners[1], cents=first.cents)
    transaction = world.wire(first.cents, ["Ueberweisung"], Payer("Hausverwaltung", account))
    alternatives = [allocation(whole(bill)) for bill in (first, second)]
    world.book("t_shared_account", _UNSURE, transaction, alternatives=alternatives)


def one_unknown(world: World) -> None:
    """A number of ours and one that looks like ours and is none; the amount is the first's."""
    bill = world.bill("RE")
    line = f"{bill.number}, RE-{world.year}-{world.rng.randrange(910_000, 990_000)}"
    _pay(world, "t_one_unknown", _PROPOSE, [bill], line)


def confused_by_stranger(world: World) -> None:
    """O for 0, from an account and a name that nobody knows."""
    bill = world.bill("RE")
    line = bill.number.replace("0", "O")
    transaction = world.wire(bill.cents, [line], world.stranger())
    world.book("t_confused_by_stranger", _PROPOSE, transaction, whole(bill))


def confused_of_another(world: World) -> None:
    """O for 0 in another customer's number: the payer is no evidence for it."""
    bill = world.bill("RE", world.add_customer(known=True))
    payer = world.payer_of(world.add_customer(known=True))
    transaction = world.wire(bill.cents, [bill.number.replace("0", "O")], payer)
    world.book("t_confused_of_another", _PROPOSE, transaction, whole(bill))


def other_end_to_end(world: World) -> None:
    """The text names one, the end-to-end id another; the amount is the text's."""
    bill, other = world.bill("RE"), world.bill("AR")
    _pay(world, "t_other_end_to_end", _PROPOSE, [bill], bill.number, end_to_end_id=other.number)


def same_end_to_end(world: World) -> None:
    """Both name the same document, written differently."""
    bill = world.bill("RE")
    line = f"Rechnung {bill.number.lower()}"
    _pay(world, "t_same_end_to_end", _SURE, [bill], line, end_to_end_id=bill.number)


def beside_customer_number(world: World) -> None:
    """The customer number beside it is a document's number as well."""
    bill, other = world.bill("PLAIN"), world.bill("PLAIN")
    line = f"Rechnung {bill.number} KdNr {other.number}"
    _pay(world, "t_beside_customer_number", _SURE, [bill], line)


def list_of_plain(world: World) -> None:
    """One word for several plain numbers."""
    bills = [world.bill("PLAIN") for _ in range(3)]
    first, second, third = (bill.number for bill in bills)
    _pay(world, "t_list_of_plain", _MAYBE, bills, f"Rechnungen {first}, {second} und {third}")


def word_far_away(world: World) -> None:
    """A date stands between the word and the number."""
    bill = world.bill("PLAIN")
    line = f"Rechnung vom 12.10.{world.year} Nr. {bill.number}"
    _pay(world, "t_word_far_away", _MAYBE, [bill], line)


def said_thrice(world: World) -> None:
    """One of two is said again and again."""
    bills = [world.bill("RE"), world.bill("RE")]
    first, second = (bill.number for bill in bills)
    _pay(world, "t_said_thrice", _SURE, bills, f"{first} {second} {first}, {first}")


def credit_paid_out(world: World) -> None:
    """We send the money of a credit note back and name it."""
    credit = world.bill("GS", cents=-world.fresh_cents())
    codes = {"gvc": "116", "btc": "PMNT/ICDT/ESCT"}
    _pay(world, "t_credit_paid_out", _MAYBE, [credit], f"Gutschrift {credit.number}", **codes)


def credit_paid_in(world: World) -> None:
    """Money comes in for a credit note: the wrong way round."""
    credit = world.bill("GS", cents=-world.fresh_cents())
    _stray(world, "t_credit_paid_in", -credit.cents, f"Gutschrift {credit.number}")


def day_behind_word(world: World) -> None:
    """“Rechnung vom” and a day that is a document's number; the amount fits too."""
    number = f"{world.year}11{world.rng.randrange(10, 29)}"
    if number not in {row["number"] for row in world.open}:
        bill = world.bill_numbered(number)
        _stray(world, "t_day_behind_word", bill.cents, f"Rechnung vom {number}")


def amount_behind_word(world: World) -> None:
    """“Rechnung 4821,00 EUR”: the amount of document 4821 is 4821.00."""
    number = world.tail()
    bill = world.bill_numbered(number, cents=int(number) * 100)
    shape = world.rng.choice(("Rechnung {},00 EUR", "Rechnung ueber {},00", "Rg EUR {},00"))
    _stray(world, "t_amount_behind_word", bill.cents, shape.format(number))


def amount_with_dot(world: World) -> None:
    """“Rechnung 4.821,00”: neither 4821 nor 821 is named."""
    tail = world.tail()
    bill = world.bill_numbered(tail, cents=int(tail) * 100)
    line = f"Rechnung Betrag {tail[0]}.{tail[1:]},00 EUR"
    _stray(world, "t_amount_with_dot", bill.cents, line)


def reference_tag(world: World) -> None:
    """Digits of a document as somebody else's reference, and its amount."""
    bill = world.bill("RE")
    digits = "".join(sign for sign in bill.number if sign.isdigit())
    shape = world.rng.choice(
        ("KREF+{} SVWZ+Spende", "Spende Ref. {}", "Tel. {}", "KdNr. {}", "Vertrag-Nr {}")
    )
    _stray(world, "t_reference_tag", bill.cents, shape.format(digits))


def phone_with_slash(world: World) -> None:
    """A phone number of year and running number."""
    bill = world.bill("RE")
    _, year, running = bill.number.split("-")
    _stray(world, "t_phone_with_slash", bill.cents, f"Telefon {year}/{running} Rueckruf")


def zip_code(world: World) -> None:
    """A postal code, a house number, a tax number: documents of five digits."""
    bill = world.bill_numbered(f"5{world.tail()}")
    shape = world.rng.choice(
        ("Miete {} Musterstadt", "PLZ {}", "Steuernr 12/{}/77", "Zaehler {}", "{} Euro Spende")
    )
    _stray(world, "t_zip_code", bill.cents, shape.format(bill.number))


CASES: tuple[tuple[Case, int], ...] = (
    (same_digits, 2),
    (two_prefixes, 2),
    (without_year, 2),
    (shared_account, 2),
    (one_unknown, 2),
    (confused_by_stranger, 2),
    (confused_of_another, 2),
    (other_end_to_end, 2),
    (same_end_to_end, 2),
    (beside_customer_number, 3),
    (list_of_plain, 2),
    (word_far_away, 1),
    (said_thrice, 2),
    (credit_paid_out, 2),
    (credit_paid_in, 1),
    (day_behind_word, 1),
    (amount_behind_word, 2),
    (amount_with_dot, 1),
    (reference_tag, 4),
    (phone_with_slash, 1),
    (zip_code, 2),
)
