"""The shares of one entry as rows against its hub account, so that DATEV finds our VAT in them."""

from collections.abc import Iterator
from dataclasses import dataclass

from faktura.kernel.errors import ExportRefused
from faktura_datev.accounts import UNTAXED, Functions, Tax
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
        """A posting without any VAT, seen from the debited account: bank S debtor, debtor S bank."""
        key = self.functions.lifting(self.hub, place.account)
        if credit > 0:
            yield self._row(self.hub, place.account, credit, place, key)
        else:
            yield self._row(place.account, self.hub, -credit, place, key)

    def turnover(self, group: SignedShares, vat: int, tax: Tax) -> Iterator[Row]:
        """The revenue shares of one tax with their VAT, seen from the debtor."""
        if not tax.rate:
            for place, credit in group.items():
                yield self._row(self.hub, place.account, credit, place, self._untaxed(place))
            return
        parts = divide(list(group.values()), vat, tax.rate)
        if parts is None:
            yield from self._undivided(group, vat, tax)
            return
        for (place, net), part in zip(group.items(), parts, strict=True):
            key = self.functions.key_for(place.account, tax)
            yield self._row(self.hub, place.account, net + part, place, key)

    def received(self, group: SignedShares, vat: int, tax: Tax) -> Iterator[Row]:
        """Deposits received, or dissolved, of one tax; two rows where one has another VAT."""
        if tax.rate and len(group) == 1:
            [(place, net)] = group.items()
            key = self.functions.key_for(place.account, tax)
            for part in in_two(net + vat, vat, tax.rate):
                yield self._row(self.hub, place.account, part, place, key)
            return
        yield from self.turnover(group, vat, tax)

    def _undivided(self, group: SignedShares, vat: int, tax: Tax) -> Iterator[Row]:
        """All VAT in one row on the largest share's account, the other nets moved out of it.

        The tax base and the VAT in DATEV are then exactly the document's.
        """
        net = sum(group.values())
        lead = max(group, key=lambda place: abs(group[place]), default=Place("-"))
        if not self.may_split and not is_whole(net, vat, tax.rate):
            raise ExportRefused(
                f"{vat} cents are not {tax.rate} % VAT of {net} cents net",
                place=f"account {lead.account}",
                mend="Check the VAT of the document: DATEV computes it out of the gross amount",
            )
        if net:
            key = self.functions.key_for(lead.account, tax)
            for part in in_two(net + vat, vat, tax.rate):
                yield self._row(self.hub, lead.account, part, lead, key)
        for place, credit in group.items():
            if place != lead:
                yield from self._moved(lead, place, credit)

    def _moved(self, lead: Place, place: Place, credit: int) -> Iterator[Row]:
        """Net from one revenue share to another, without VAT."""
        if lead.cost_centre == place.cost_centre and lead.cost_object == place.cost_object:
            key = self.functions.lifting(lead.account, place.account)
            yield self._row(lead.account, place.account, credit, place, key)
            return
        # A row has one cost centre for both accounts, so two rows meet at the hub.
        for share, amount in ((place, credit), (lead, -credit)):
            key = self.functions.lifting(self.hub, share.account)
            yield self._row(self.hub, share.account, amount, share, key)

    def _untaxed(self, place: Place) -> str:
        # An automatic account of rate 0 is turnover that DATEV reports: it keeps its function.
        accounts = (place.account, self.hub)
        return max(self.functions.key_for(account, UNTAXED) for account in accounts)

    def _row(self, account: str, contra: str, amount: int, place: Place, key: str) -> Row:
        country = place.tax.country if key and key == self.functions.oss_key else ""
        return Row(
            amount=abs(amount),
            side="S" if amount > 0 else "H",
            account=account,
            contra=contra,
            key=key,
            destination=country or place.vat_id,
            eu_rate=f"{place.tax.rate:05.2f}".replace(".", ",") if country else "",
            cost_centre=place.cost_centre,
            cost_object=place.cost_object,
            voucher=self.voucher,
            matter=place.matter,
        )
