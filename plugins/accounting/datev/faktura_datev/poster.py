"""The shares of one entry as rows against its hub account, so that DATEV finds our VAT in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from faktura.kernel.errors import ExportRefused
from faktura_datev.accounts import FREE, INPUT_KEYS, TAX_KEYS, Functions
from faktura_datev.division import divide, in_two, is_whole
from faktura_datev.row import Place, Row, SignedShares, Voucher


@dataclass(frozen=True, slots=True)
class Poster:
    """Writes the shares of one entry as rows against its hub account; credits are positive.

    With `may_split` two rows may have together the VAT that one has not.
    """

    functions: Functions
    hub: str
    voucher: Voucher
    may_split: bool = False

    def transfer(self, place: Place, credit: int) -> Iterator[Row]:
        """An untaxed posting, seen from the debited account: bank S debtor, debtor S bank."""
        if credit > 0:
            yield self._row(self.hub, place.account, credit, place, self._lifted(place))
        else:
            yield self._row(place.account, self.hub, -credit, place, self._lifted(place))

    def turnover(self, group: SignedShares, vat: int, rate: Decimal) -> Iterator[Row]:
        """The revenue shares of one rate with their VAT, seen from the debtor."""
        if not rate:
            for place, credit in group.items():
                yield self._row(self.hub, place.account, credit, place, self._lifted(place))
            return
        parts = divide(list(group.values()), vat, rate)
        if parts is None:
            yield from self._undivided(group, vat, rate)
            return
        for (place, net), part in zip(group.items(), parts, strict=True):
            key = self._taxed(place, rate)
            yield self._row(self.hub, place.account, net + part, place, key)

    def received(self, group: SignedShares, vat: int, rate: Decimal) -> Iterator[Row]:
        """Deposits received, or dissolved, of one rate; two rows where one has another VAT."""
        if rate and len(group) == 1:
            [(place, net)] = group.items()
            key = self.functions.key_for(place.account, rate)
            for part in in_two(net + vat, vat, rate):
                yield self._row(self.hub, place.account, part, place, key)
            return
        yield from self.turnover(group, vat, rate)

    def _undivided(self, group: SignedShares, vat: int, rate: Decimal) -> Iterator[Row]:
        """All VAT in one row on the largest share's account, the other nets moved out of it.

        The tax base and the VAT in DATEV are then exactly the document's.
        """
        net = sum(group.values())
        lead = max(group, key=lambda place: abs(group[place]), default=Place("-"))
        if not self.may_split and not is_whole(net, vat, rate):
            raise ExportRefused(
                f"{vat} cents are not {rate} % VAT of {net} cents net",
                place=f"account {lead.account}",
                mend="Check the VAT of the document: DATEV computes it out of the gross amount",
            )
        if net:
            key = self._taxed(lead, rate)
            for part in in_two(net + vat, vat, rate):
                yield self._row(self.hub, lead.account, part, lead, key)
        for place, credit in group.items():
            if place != lead:
                yield from self._moved(lead, place, credit)

    def _moved(self, lead: Place, place: Place, credit: int) -> Iterator[Row]:
        """Net from one revenue share to another, without VAT."""
        if lead.cost_centre == place.cost_centre and lead.cost_object == place.cost_object:
            key = self._lifted(place) or self._lifted(lead)
            yield self._row(lead.account, place.account, credit, place, key)
            return
        # A row has one cost centre for both accounts, so two rows meet at the hub.
        yield self._row(self.hub, place.account, credit, place, self._lifted(place))
        yield self._row(self.hub, lead.account, -credit, lead, self._lifted(lead))

    def _taxed(self, place: Place, rate: Decimal) -> str:
        keys = INPUT_KEYS if place.is_input else TAX_KEYS
        return self.functions.key_for(place.account, rate, keys)

    def _lifted(self, place: Place) -> str:
        keys = (self.functions.key_for(place.account, FREE), self.functions.key_for(self.hub, FREE))
        return max(keys)  # the lifting key if either account needs it

    def _row(self, account: str, contra: str, amount: int, place: Place, key: str) -> Row:
        return Row(
            amount=abs(amount),
            side="S" if amount > 0 else "H",
            account=account,
            contra=contra,
            key=key,
            vat_id=place.vat_id,
            cost_centre=place.cost_centre,
            cost_object=place.cost_object,
            voucher=self.voucher,
        )
