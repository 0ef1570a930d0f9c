"""Payments that name what they pay, in the ways people and banks write it."""

from collections.abc import Callable

from faktura.testing.recon_names import creditor_reference, iban, written_out
from faktura.testing.recon_world import Bill, Payer, World, whole, wrapped

Case = Callable[[World], None]

_SURE = "full/auto/1"
_MAYBE = "full/auto/2"
_PADDING = (
    "Vielen Dank fuer die gute Zusammenarbeit und bis bald wir freuen uns auf das Wiedersehen "
)


def _pay(
    world: World, category: str, verdict: str, bills: list[Bill], lines: list[str], **more: object
) -> None:
    payer = world.payer_of(world.customer_of(bills[0]))
    cents = sum(bill.cents for bill in bills)
    world.book(category, verdict, world.wire(cents, lines, payer, **more), whole(*bills))


def clean(world: World) -> None:
    """The number as it is printed."""
    bill = world.bill()
    shape = world.rng.choice(
        ("{}", "RgNr {}", "Rechnung {}", "Inv. {}", "Invoice No. {}", "Re.-Nr.: {}", "Rg. {} Danke")
    )
    _pay(world, "f_clean", _SURE, [bill], [shape.format(bill.number)])


def plain_with_keyword(world: World) -> None:
    """Plain digits behind a word that says what they are."""
    bill = world.bill(world.rng.choice(("PLAIN", "Y8")))
    shape = world.rng.choice(
        (
            "Rechnung {}",
            "Rechnungsnummer: {}",
            "Rechn.Nr. {}",
            "RG-NR {}",
            "Invoice {}",
            "Re-Nr. {} vielen Dank",
            "Rechnung Nr. {} vom 28.09.",
            "RECHNUNG NR {} UEBERWEISUNG",
        )
    )
    _pay(world, "f_plain_with_keyword", _SURE, [bill], [shape.format(bill.number)])


def spaced(world: World) -> None:
    """Other separators than printed, other case, other hyphens."""
    bill = world.bill("RE")
    separator = world.rng.choice((".", " ", "/", "_", " - ", "\u2013", "\u00a0", "\u2011"))
    written = bill.number.replace("-", separator)
    if world.rng.random() < 0.5:
        written = written.lower()
    _pay(world, "f_spaced", _SURE, [bill], [f"größe für {written} grüße"])


def without_prefix(world: World) -> None:
    """Year and running number are enough."""
    bill = world.bill("RE")
    _, year, running = bill.number.split("-")
    separator = world.rng.choice((" ", "/", "-", ""))
    lead = world.rng.choice(("Rechnung ", "Rg ", ""))
    lines = [f"{lead}{year}{separator}{running} Danke!"]
    _pay(world, "f_without_prefix", _SURE, [bill], lines)


def several(world: World) -> None:
    """Two to five documents of all series."""
    bills = [world.bill() for _ in range(world.rng.randrange(2, 6))]
    joint = world.rng.choice((", ", "; ", " ", " + ", " und "))
    _pay(world, "f_several", _SURE, bills, [joint.join(bill.number for bill in bills)])


def many(world: World) -> None:
    """A dozen or more, wrapped."""
    bills = [world.bill("RE") for _ in range(world.rng.choice((12, 20, 30)))]
    text = "Sammelzahlung " + " ".join(bill.number for bill in bills)
    width = world.rng.choice((27, 35, 140))
    _pay(world, "f_many", _SURE, bills, wrapped(text, width))


def glued(world: World) -> None:
    """Nothing between the numbers, or between words and numbers."""
    bills = [world.bill("RE"), world.bill("RE")]
    if world.rng.random() < 0.5:
        text = "".join(bill.number for bill in bills)
    else:
        euro = [f"{bill.cents // 100},{bill.cents % 100:02d}" for bill in bills]
        text = "".join(f"RNr{bill.number}EUR{paid}" for bill, paid in zip(bills, euro, strict=True))
    _pay(world, "f_glued", _SURE, bills, [text])


def broken_over_lines(world: World) -> None:
    """The bank's line ends somewhere in the number, before it or behind it."""
    bill = world.bill(world.rng.choice(("RE", "RE", "AR", "SLASH")))
    width = world.rng.choice((27, 35, 140))
    first = world.rng.randrange(0, len(bill.number) + 1)
    lead = (_PADDING * 2)[: width - first - 1] + "."
    text = f"{lead}{bill.number} und Gruss"
    _pay(world, f"f_wrap_{width}", _SURE, [bill], wrapped(text, width))


def twin(world: World) -> None:
    """Numbers that begin as others do: the longest is meant."""
    stem = world.tail()
    twins = [world.bill_numbered(stem + end) for end in ("", "1", "15")]
    bill = world.rng.choice(twins)
    _pay(world, "f_prefix_twin", _SURE, [bill], [f"Rechnung Nr. {bill.number}"])


def twice(world: World) -> None:
    """One number, said twice, with its amount."""
    bill = world.bill()
    paid = f"{bill.cents // 100},{bill.cents % 100:02d}"
    lines = [f"{bill.number} Rechnung {bill.number} {paid} EUR"]
    _pay(world, "f_twice", _SURE, [bill], lines)


def amid_noise(world: World) -> None:
    """Dates, phone and customer numbers, VAT ids and accounts around it."""
    bill = world.bill()
    customer = world.customer_of(bill)
    rng = world.rng
    noise = [
        f"KdNr {customer['customer_no']}",
        f"Tel. 0{rng.randrange(2000, 9999)}/{rng.randrange(10_000, 999_999)}",
        f"USt-Id DE{rng.randrange(10**8, 10**9)}",
        f"IBAN {iban(rng)}",
        f"Bestellung {rng.randrange(10**6, 10**7)}",
        f"v. {world.year}-10-{rng.randrange(10, 31)}",
        f"Projekt {rng.choice('ABCX')}{rng.randrange(10, 99)}",
    ]
    chosen = rng.sample(noise, rng.randrange(2, len(noise)))
    _pay(world, "f_amid_noise", _SURE, [bill], [bill.number, *chosen])


def own_debit(world: World) -> None:
    """A direct debit of ours that names its document."""
    bill = world.bill("RE")
    customer = world.customer_of(bill)
    codes = {"gvc": "171", "btc": "PMNT/IDDT/ESDD", "mandate_id": customer["mandate"]}
    _pay(
        world,
        "f_own_debit",
        _SURE,
        [bill],
        [bill.number],
        end_to_end_id=f"E2E-{bill.number}",
        **codes,
    )


def creditor_reference_given(world: World) -> None:
    """A checked reference in the field made for it; people drop the zeros."""
    bill = world.bill("RE")
    prefix, year, running = bill.number.split("-")
    body = prefix + year + (running if world.rng.random() < 0.5 else running.lstrip("0").zfill(4))
    reference = creditor_reference(body)
    spaced_out = " ".join(wrapped(reference, 4))
    lines = [spaced_out] if world.rng.random() < 0.5 else [reference]
    exact = body.endswith(running)
    verdict = _SURE if exact else _MAYBE
    category = "f_rf_reference" if exact else "f_rf_reference_short"
    _pay(world, category, verdict, [bill], lines, structured_reference=reference)


def subfields(world: World) -> None:
    """What banks write into one text: EREF+, SVWZ+, ABWA+, KREF+."""
    bill = world.bill()
    name = written_out(world.rng.choice(world.customers)["name"])
    text = (
        f"EREF+NOTPROVIDED SVWZ+{bill.number} Rechnung vom {world.year}-10-03"
        f" ABWA+{name} KREF+NONREF"
    )
    width = world.rng.choice((27, 35))
    _pay(world, "f_subfields", _SURE, [bill], wrapped(text, width))


def by_somebody_else(world: World) -> None:
    """The payer is nobody we know; the number says it."""
    bill = world.bill()
    lines = [f"{bill.number} für {world.customer_of(bill)['name']}"]
    transaction = world.wire(bill.cents, lines, world.stranger())
    world.book("f_by_somebody_else", _SURE, transaction, whole(bill))


def only_end_to_end(world: World) -> None:
    """The number stands in the end-to-end id alone."""
    bill = world.bill()
    _pay(world, "f_end_to_end", _MAYBE, [bill], ["Zahlung"], end_to_end_id=bill.number)


def zeros_dropped(world: World) -> None:
    """RE-2026-347 for RE-2026-000347."""
    bill = world.bill("RE")
    prefix, year, running = bill.number.split("-")
    written = f"{prefix}-{year}-{running.lstrip('0')}"
    _pay(world, "f_zeros_dropped", _MAYBE, [bill], [written])


def confusable(world: World) -> None:
    """O for 0 and l for 1, from an account we know."""
    bill = world.bill("RE", world.any_customer(known=True))
    prefix, year, running = bill.number.split("-")
    wrong = f"{year}-{running}".replace("0", "O").replace("1", world.rng.choice("Il"))
    _pay(world, "f_confusable", _MAYBE, [bill], [f"Rechnung {prefix}-{wrong}"])


def abbreviated(world: World) -> None:
    """The first in full, of the others the end."""
    bills = [world.bill("RE") for _ in range(3)]
    ends = [bill.number[-3:] for bill in bills[1:]]
    joint = world.rng.choice(("/", ", ", " u. "))
    text = joint.join([bills[0].number, *ends])
    _pay(world, "f_abbreviated", _MAYBE, bills, [text])


def with_credit(world: World) -> None:
    """Invoices less a credit note that is named."""
    customer = world.any_customer()
    bills = [world.bill("RE", customer), world.bill("RE", customer)]
    credit = world.bill("GS", customer, cents=-world.rng.randrange(500, 1_900))
    text = f"{bills[0].number} {bills[1].number} abzgl. Gutschrift {credit.number}"
    _pay(world, "f_with_credit", _MAYBE, [*bills, credit], [text])


def full_width(world: World) -> None:
    """Digits as East Asian keyboards write them."""
    bill = world.bill("RE")
    written = "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in bill.number)
    _pay(world, "f_full_width", _MAYBE, [bill], [f"Invoice {written}"])


def name_of_two(world: World) -> None:
    """Two customers of one name: the number says whose it is."""
    name = world.fresh_name()
    first, second = world.add_customer(name, known=False), world.add_customer(name, known=False)
    bill = world.bill("AR", first)
    world.bill("AR", second, cents=bill.cents)
    transaction = world.wire(bill.cents, [bill.number], Payer(name, iban(world.rng)))
    world.book("f_name_of_two", _SURE, transaction, whole(bill))


def common_amount(world: World) -> None:
    """Many documents are open with this amount; one is named."""
    bill = world.bill(cents=world.common_cents())
    _pay(world, "f_common_amount", _SURE, [bill], [f"Rechnung {bill.number}"])


CASES: tuple[tuple[Case, int], ...] = (
    (clean, 12),
    (plain_with_keyword, 6),
    (spaced, 6),
    (without_prefix, 5),
    (several, 8),
    (many, 1),
    (glued, 3),
    (broken_over_lines, 9),
    (twin, 4),
    (twice, 3),
    (amid_noise, 7),
    (own_debit, 4),
    (creditor_reference_given, 5),
    (subfields, 4),
    (by_somebody_else, 3),
    (only_end_to_end, 3),
    (zeros_dropped, 3),
    (confusable, 3),
    (abbreviated, 3),
    (with_credit, 2),
    (full_width, 1),
    (name_of_two, 2),
    (common_amount, 5),
)
