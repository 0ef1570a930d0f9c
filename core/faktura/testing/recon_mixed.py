"""Whatever people put into one text: some documents, much that is none, cut and wrapped by banks."""

from faktura.testing.recon_names import iban_of, written_out
from faktura.testing.recon_paid import Case
from faktura.testing.recon_world import Bill, World, whole, wrapped

_SURE = "full/auto/1"
_PROPOSE = "partial/propose/1"


def _named(world: World, bill: Bill) -> str:
    """The number in a way that leaves no doubt."""
    rng = world.rng
    if bill.number.isdigit():
        return rng.choice(("Rechnung {}", "RG-NR. {}", "Rechnung Nr {}")).format(bill.number)
    lead = rng.choice(("", "", "Rechnung ", "Rg ", "Re.Nr. "))
    written = bill.number
    if bill.number.startswith("RE"):
        written = bill.number.replace("-", rng.choice(("-", " ", "/", "", ".")))
    if rng.random() < 0.3:
        written = written.lower()
    return lead + written


def _noise(world: World) -> str:
    """Something that is no document's number, though its digits may be those of one."""
    rng = world.rng
    other = world.bill(rng.choice(("PLAIN", "Y8", "RE")))
    digits = "".join(sign for sign in other.number if sign.isdigit())
    euro = f"{other.cents // 100},{other.cents % 100:02d}"
    return rng.choice(
        (
            f"KdNr {rng.choice(world.customers)['customer_no']}",
            f"Kundennummer {digits}",
            f"Tel. 0{digits}",
            f"Bestellung {digits[-4:]}",
            f"vom {rng.randrange(1, 29):02d}.{rng.randrange(1, 13):02d}.{world.year}",
            f"v. {world.year}-0{rng.randrange(1, 10)}-{rng.randrange(10, 29)}",
            f"{euro} EUR",
            f"EUR {euro}",
            f"IBAN {iban_of((digits + '00505400123400')[:18].ljust(18, '7'))}",
            f"USt-Id DE{rng.randrange(10**8, 10**9)}",
            f"Vertrag {digits}",
            f"Aktenzeichen {digits}",
            f"ABWA+{written_out(rng.choice(world.customers)['name'])}",
            "Vielen Dank",
            "ohne Abzug",
            f"Zimmer {rng.randrange(1, 99)}",
        )
    )


def _text(world: World, bills: list[Bill]) -> str:
    pieces = [_named(world, bill) for bill in bills]
    pieces += [_noise(world) for _ in range(world.rng.randrange(0, 5))]
    world.rng.shuffle(pieces)
    return world.rng.choice((", ", " ; ", "  ", " - ", " | ")).join(pieces)


def _cut(world: World, text: str) -> list[str]:
    width = world.rng.choice((27, 35, 140, 10_000))
    return wrapped(text, width)


def named_amid_all(world: World) -> None:
    """What is named is paid exactly."""
    bills = [world.bill(world.rng.choice(("RE", "RE", "SLASH", "AR", "PLAIN")))]
    bills += [world.bill("RE") for _ in range(world.rng.randrange(0, 4))]
    lines = _cut(world, _text(world, bills))
    payer = world.payer_of(world.customer_of(bills[0]))
    transaction = world.wire(sum(bill.cents for bill in bills), lines, payer)
    world.book("x_named", _SURE, transaction, whole(*bills))


def named_and_too_much(world: World) -> None:
    """A cent, or a document's worth, more than what is named."""
    bill = world.bill("RE")
    over = world.rng.choice((1, world.fresh_cents()))
    lines = _cut(world, _text(world, [bill]))
    payer = world.payer_of(world.customer_of(bill))
    world.book("x_too_much", _PROPOSE, world.wire(bill.cents + over, lines, payer), whole(bill))


def nothing_named(world: World) -> None:
    """Only noise, with the amount of a document whose digits it may hold."""
    pieces = [_noise(world) for _ in range(world.rng.randrange(1, 5))]
    cents = int(world.open[-1]["open"].replace(".", ""))
    lines = _cut(world, " ".join(pieces))
    world.book("x_nothing", "none/none/2", world.wire(cents, lines, world.stranger()))


CASES: tuple[tuple[Case, int], ...] = (
    (named_amid_all, 12),
    (named_and_too_much, 3),
    (nothing_named, 8),
)
