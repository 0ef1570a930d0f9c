"""Bookings that no document is paid by, however much their digits look like it."""

import string

from faktura.testing.recon_names import iban, iban_of
from faktura.testing.recon_paid import Case
from faktura.testing.recon_world import Payer, World, euros

_NONE = "none/none/1"
_TOLERATED = "none/none/2"


def unrelated(world: World) -> None:
    """What a company's account sees every day."""
    rng = world.rng
    texts: tuple[tuple[str, str, str | None], ...] = (
        ("ZINSEN 3. QUARTAL", "814", None),
        ("PP.8842.PP AUSZAHLUNG", "166", None),
        ("KARTENZAHLUNG SB-TANK 4711 DUESSELDORF", "166", None),
        ("Finanzamt Erstattung Umsatzsteuer 10/26", "166", None),
        ("MIETE WOHNUNG 12 HAUS A 3", "166", None),
        ("LOHN / GEHALT 11", "153", "PMNT/RCDT/SALA"),
        ("Mitgliedsbeitrag 2026", "166", None),
        ("Kaution Objekt 2026", "166", None),
        ("Spende 50 EUR", "166", None),
    )
    text, gvc, btc = rng.choice(texts)
    cents = rng.randrange(50, 90_000)
    more = {"gvc": gvc, "btc": btc or "PMNT/RCDT/ESCT"}
    world.book("n_unrelated", _NONE, world.wire(cents, [text], world.stranger(), **more))


def equal_by_accident(world: World) -> None:
    """The amount of a document, and nothing else that speaks for it."""
    bill = world.bill()
    text = world.rng.choice(("Spende", "Mitgliedsbeitrag", "Privatdarlehen", "Kostenanteil"))
    transaction = world.wire(bill.cents, [text], world.stranger())
    world.book("n_equal_by_accident", _TOLERATED, transaction)


def customer_number(world: World) -> None:
    """A customer number that is a document's number too."""
    bill = world.bill("PLAIN")
    word = world.rng.choice(("Kundennummer", "KdNr.", "Kunden-Nr", "Vertragskonto"))
    transaction = world.wire(world.fresh_cents(), [f"{word} {bill.number}"], world.stranger())
    world.book("n_customer_number", _NONE, transaction)


def day_as_number(world: World) -> None:
    """A day written like a document of eight digits."""
    day = f"{world.rng.randrange(1, 13):02d}{world.rng.randrange(10, 29)}"
    number = f"{world.year}{day}"
    if number not in {row["number"] for row in world.open}:
        world.bill_numbered(number)
    text = f"Spende vom {world.year}-{day[:2]}-{day[2:]} {number}"
    world.book("n_day", _NONE, world.wire(world.fresh_cents(), [text], world.stranger()))


def inside_iban(world: World) -> None:
    """The digits of a document inside an account number, and its amount."""
    bill = world.bill("Y8")
    account = iban_of(f"20{bill.number}00505400")
    lead = world.rng.choice(("Spende Konto", "Umbuchung von", "Rechnung Konto"))
    transaction = world.wire(bill.cents, [f"{lead} {account}"], world.stranger())
    world.book("n_inside_iban", _TOLERATED, transaction)


def inside_spaced_iban(world: World) -> None:
    """An account number in groups of four, one of them a document's number."""
    bill = world.bill_numbered(world.tail())
    account = iban_of(f"2004{bill.number}0050540055")
    groups = " ".join(account[start : start + 4] for start in range(0, len(account), 4))
    transaction = world.wire(bill.cents, [f"Umbuchung IBAN {groups}"], world.stranger())
    world.book("n_inside_spaced_iban", _TOLERATED, transaction)


def inside_longer(world: World) -> None:
    """The digits of a document inside a phone number, a reference, a longer number."""
    rng = world.rng
    bill = world.bill("RE")
    digits = "".join(sign for sign in bill.number if sign.isdigit())
    text = rng.choice(
        (f"Tel 0{digits} Rueckruf", f"Ref 9{digits}7", f"RE-{digits}55", f"Vertrag {digits}0012")
    )
    transaction = world.wire(bill.cents, [text], world.stranger())
    world.book("n_inside_longer", _TOLERATED, transaction)


def order_number(world: World) -> None:
    """A supplier's refund names digits that end a document's number."""
    bill = world.bill(world.rng.choice(("RE", "SLASH")))
    text = f"Gutschrift zu Ihrer Bestellung {bill.number[-4:]}"
    transaction = world.wire(world.fresh_cents(), [text], Payer("Lieferhof KG", iban(world.rng)))
    world.book("n_order_number", _NONE, transaction)


def other_words(world: World) -> None:
    """Digits of a document behind a word that says they are something else."""
    bill = world.bill("PLAIN")
    word = world.rng.choice(("Tel.", "Telefon", "PLZ", "Aktenzeichen", "Bestellnummer", "Postfach"))
    transaction = world.wire(bill.cents, [f"{word} {bill.number}"], world.stranger())
    world.book("n_other_words", _TOLERATED, transaction)


def bare_digits(world: World) -> None:
    """Digits of a document among other digits, without any word."""
    bill = world.bill("PLAIN")
    text = f"{world.rng.randrange(10, 99)} {bill.number} {world.rng.randrange(100, 999)}"
    transaction = world.wire(world.fresh_cents(), [text], world.stranger())
    world.book("n_bare_digits", _NONE, transaction)


def amount_as_number(world: World) -> None:
    """An amount in the text whose digits are a document's number."""
    bill = world.bill_numbered(world.tail())
    text = f"Anzahlung {bill.number[:2]},{bill.number[2:]} EUR"
    transaction = world.wire(int(bill.number), [text], world.stranger())
    world.book("n_amount_as_number", _NONE, transaction)


def went_out(world: World) -> None:
    """We paid a supplier whose number is one of ours."""
    bill = world.bill()
    codes = {"gvc": "116", "btc": "PMNT/ICDT/ESCT"}
    text = f"Ihre Rechnung {bill.number}"
    payer = Payer("Zulieferer Ost GmbH", iban(world.rng))
    world.book("n_went_out", _NONE, world.wire(-bill.cents, [text], payer, **codes))


def burst(world: World) -> None:
    """Letters and digits by chance."""
    rng = world.rng
    signs = string.ascii_uppercase + string.digits * 2 + "   -/."
    text = "".join(rng.choice(signs) for _ in range(rng.randrange(40, 140)))
    transaction = world.wire(world.common_cents(), [text], world.stranger())
    world.book("n_burst", _TOLERATED, transaction)


def known_payer_other_matter(world: World) -> None:
    """A customer pays something that is no document's amount and names nothing."""
    customer = world.add_customer(known=True)
    world.bill("RE", customer)
    transaction = world.wire(world.fresh_cents(), ["Flohmarkt Standgeld"], world.payer_of(customer))
    world.book("n_other_matter", _TOLERATED, transaction)


def bounced(world: World) -> None:
    """A transfer of ours came back, a debit that others drew was refunded."""
    transfer = world.wire(
        world.fresh_cents(),
        ["RUECKUEBERWEISUNG KONTO ERLOSCHEN AUSZAHLUNG GUTHABEN"],
        Payer("Hausbank", iban(world.rng)),
        gvc="159",
        btc="PMNT/RCDT/RRTN",
        return_reason="AC04",
    )
    world.book("r_transfer_bounced", _NONE, transfer)
    debit = world.wire(
        world.fresh_cents(),
        ["WIEDERGUTSCHRIFT LASTSCHRIFT STROM"],
        Payer("Stadtwerke", iban(world.rng)),
        gvc="181",
        btc="PMNT/RDDT/UPDD",
        return_reason="MD06",
    )
    world.book("r_their_debit_refunded", _NONE, debit)


def monthly_fee(world: World) -> None:
    """The bank's own prices."""
    text = f"ENTGELT KONTOFUEHRUNG 11/{world.year} {euros(world.rng.randrange(100, 900))}"
    codes = {"gvc": "808", "btc": "ACMT/MDOP/CHRG"}
    cents = -world.rng.randrange(100, 2_000)
    bank = Payer("Hausbank", "")
    world.book("n_monthly_fee", _NONE, world.wire(cents, [text], bank, **codes))


CASES: tuple[tuple[Case, int], ...] = (
    (unrelated, 12),
    (equal_by_accident, 4),
    (customer_number, 3),
    (day_as_number, 2),
    (inside_iban, 3),
    (inside_spaced_iban, 2),
    (inside_longer, 4),
    (order_number, 2),
    (other_words, 2),
    (bare_digits, 2),
    (amount_as_number, 2),
    (went_out, 4),
    (burst, 6),
    (known_payer_other_matter, 1),
    (bounced, 1),
    (monthly_fee, 1),
)
