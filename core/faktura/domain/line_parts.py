"""Parts of an invoice line that are taken back: an amount, a quantity or per cent of it (F066).

A part is rounded once, from the line's net; it is signed like the line.
"""

from dataclasses import dataclass
from decimal import Decimal

from faktura.domain.documents import LineRecord
from faktura.kernel.errors import FieldInvalid, OutOfRange
from faktura.kernel.money import Money
from faktura.kernel.rounding import line_total, percent_of

_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class LinePart:
    """How much of a line is taken back, all positive: at most one of the three, none = what is left.

    `amount` is net in the document's currency, `quantity` in the line's unit, `percent` of its net.
    """

    line_no: int
    amount: Decimal | None = None
    quantity: Decimal | None = None
    percent: Decimal | None = None

    @property
    def place(self) -> str:
        """Where errors say it stands."""
        return f"lines.{self.line_no}"


def amount_of(part: LinePart, line: LineRecord) -> Money | None:
    """The net amount to take back of a line; None for all that is left of it.

    Raises FieldInvalid for two ways at once, OutOfRange for nothing or more than the line has.
    """
    given = [one for one in (part.amount, part.quantity, part.percent) if one is not None]
    if not given:
        return None
    if len(given) > 1:
        raise FieldInvalid(
            "amount, quantity and percent are three ways to say the same",
            place=part.place,
            mend="Give one of them",
        )
    if given[0] <= 0:
        raise OutOfRange(f"{given[0]} takes nothing back", place=part.place, mend="Use more than 0")
    found = _positive(part, line)
    return found if line.net.minor >= 0 else -found


def _positive(part: LinePart, line: LineRecord) -> Money:
    net = abs(line.net)
    if part.amount is not None:
        return Money.from_decimal(part.amount, net.currency, field=part.place)
    if part.percent is not None:
        if part.percent > _WHOLE:
            raise OutOfRange(
                f"{part.percent} % are more than the line has", place=part.place, mend="At most 100"
            )
        return percent_of(net, part.percent)
    quantity, billed = part.quantity or Decimal(0), abs(line.quantity)
    if quantity > billed:
        raise OutOfRange(
            f"the line has {billed}, not {quantity}", place=part.place, mend=f"At most {billed}"
        )
    return line_total(net.decimal, quantity, net.currency, base=billed)
