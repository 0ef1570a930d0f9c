"""The balances of a statement, and whether its entries lead from one to the other (2.5)."""

from decimal import Decimal

from faktura.kernel.errors import FieldMissing
from faktura.plugin import Balance
from faktura_camt.amounts import sign_from_text
from faktura_camt.dates import day_from_text
from faktura_camt.found import Found

# German banks open with the previous closing (PRCD); ITBD stands between the pages of a statement.
_OPENING = ("OPBD", "PRCD")
_CLOSING = "CLBD"
_INTERIM = "ITBD"


class Balances:
    """Collects the balances of one statement and the sum of its booked entries."""

    def __init__(self) -> None:
        self._opening: dict[str, Balance] = {}
        self._closing: Balance | None = None
        self._interim: list[Balance] = []
        self._booked = Decimal(0)
        self._currencies: set[str] = set()

    def add(self, found: Found) -> None:
        """Take one Bal; available and forward balances are left aside.

        A statement over several days may repeat them: the first opening and the last closing count.
        """
        code = found.text("Tp/CdOrPrtry/Cd") or ""
        if code not in (*_OPENING, _CLOSING, _INTERIM):
            return
        amount = found.required_amount("Amt")
        sign = sign_from_text(next(iter(found.raw_texts("CdtDbtInd")), None))
        on = found.text("Dt/Dt", "Dt/DtTm")
        if on is None:
            raise FieldMissing("a balance has no date", place="Bal/Dt")
        balance = Balance(
            amount=sign * amount.value, currency=amount.currency, on=day_from_text(on, "Bal/Dt")
        )
        if code in _OPENING:
            known = self._opening.get(code)
            self._opening[code] = balance if known is None or balance.on < known.on else known
        elif code == _INTERIM:
            # Only the outer two count, and a hostile file may have millions.
            self._interim = [*self._interim[:1], balance]
        elif self._closing is None or balance.on >= self._closing.on:
            self._closing = balance

    def book(self, amount: Decimal, currency: str) -> None:
        """Count a booked entry."""
        self._booked += amount
        self._currencies.add(currency)

    def opening(self) -> Balance | None:
        """The balance before the first entry; on a later page the interim balance carried over."""
        for code in _OPENING:
            if code in self._opening:
                return self._opening[code]
        return self._interim[0] if self._interim else None

    def closing(self) -> Balance | None:
        """The balance after the last entry; on a page that others follow, the interim balance."""
        if self._closing is not None:
            return self._closing
        carried_over = self._interim if self._opening else self._interim[1:]
        return carried_over[-1] if carried_over else None

    def verdict(self, *, asked: bool) -> tuple[bool | None, tuple[str, ...]]:
        """Whether opening + booked = closing, None if that cannot be checked; and what to say.

        Nothing is said of balances that are missing where they are not `asked` for.
        """
        opening, closing = self.opening(), self.closing()
        if opening is None or closing is None:
            missing = "the statement lacks an opening or closing balance: not checked"
            return None, (missing,) if asked else ()
        currencies = self._currencies | {opening.currency, closing.currency}
        if len(currencies) > 1:
            mixed = ", ".join(sorted(currencies))
            return False, (f"balances and entries are in several currencies: {mixed}",)
        expected = opening.amount + self._booked
        if expected == closing.amount:
            return True, ()
        found = f"{opening.amount} + booked {self._booked} = {expected}"
        stated = f"{closing.amount} {closing.currency}"
        return False, (f"opening balance {found}, but the closing balance is {stated}",)
