"""The settings of a DATEV client; the adviser knows the numbers."""

from collections.abc import Mapping
from decimal import Decimal

from pydantic import Field

from faktura.kernel.terms import Chart
from faktura.plugin import AdapterSettings
from faktura_datev.accounts import Functions
from faktura_datev.client import Client


class DatevSettings(AdapterSettings):
    """Whose books the export is for.

    `consultant` and `client` are the adviser's numbers. `account_length` is the length of general
    ledger accounts; debtors have one digit more. `lock` sets Festschreibung: the adviser can then
    not correct the postings any more. `automatic_accounts` overrides what single accounts do by
    themselves: account to rate in per cent, or to null for accounts without automatic VAT.
    """

    consultant: int = Field(ge=1001, le=9_999_999)
    client: int = Field(ge=1, le=99_999)
    account_length: int = Field(default=4, ge=4, le=8)
    lock: bool = False
    exported_by: str = Field(default="faktura", pattern=r"^[A-Za-z0-9_]{0,25}$")
    origin: str = Field(default="FA", pattern=r"^[A-Za-z0-9_]{0,2}$")
    automatic_accounts: Mapping[str, Decimal | None] = Field(default_factory=dict)

    def client_with(self, chart: Chart) -> Client:
        """The client, whose books follow that chart."""
        functions = Functions(chart, self.account_length, self.automatic_accounts)
        return Client(self.consultant, self.client, functions)
