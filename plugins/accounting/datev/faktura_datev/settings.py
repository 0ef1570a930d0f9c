"""The settings of a DATEV client; the adviser knows the numbers."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from faktura.kernel.terms import Chart
from faktura.plugin import AdapterSettings
from faktura_datev.accounts import Functions
from faktura_datev.client import Client

_Account = Annotated[str, Field(pattern=r"^[0-9]{4,8}$")]


class DatevSettings(AdapterSettings):
    """Whose books the export is for.

    `consultant` and `client` are the adviser's numbers. `account_length` is the length of general
    ledger accounts; debtors have one digit more. `lock` sets Festschreibung: the adviser can then
    not correct the postings any more. `general_reversal` posts full cancellations as general
    reversals (Generalumkehr) instead of rows on the other side.

    `automatic_accounts` overrides what single accounts do by themselves: account to rate in per
    cent, or to null for accounts without automatic VAT. `vat_accounts` and `input_vat_accounts`
    say where DATEV collects the VAT of a rate, where the chart does not; `oss_accounts` where it
    collects that of a revenue account taxed in other EU countries (OSS), `oss_key` is the tax key
    of such revenue. `direct_accounts` are accounts DATEV collects on by itself that manual entries
    may post to all the same. Over `clearing_account` go entries with several accounts on both
    sides, which no row of DATEV can hold; without it they are refused.
    """

    consultant: int = Field(ge=1001, le=9_999_999)
    client: int = Field(ge=1, le=99_999)
    account_length: int = Field(default=4, ge=4, le=8)
    lock: bool = False
    general_reversal: bool = False
    exported_by: str = Field(default="faktura", pattern=r"^[A-Za-z0-9_]{0,25}$")
    origin: str = Field(default="FA", pattern=r"^[A-Za-z0-9_]{0,2}$")
    automatic_accounts: Mapping[str, Decimal | None] = Field(default_factory=dict)
    vat_accounts: Mapping[Decimal, _Account] = Field(default_factory=dict)
    input_vat_accounts: Mapping[Decimal, _Account] = Field(default_factory=dict)
    oss_key: str = Field(default="", pattern=r"^([0-9]{4})?$")
    oss_accounts: Mapping[_Account, _Account] = Field(default_factory=dict)
    direct_accounts: tuple[_Account, ...] = ()
    clearing_account: str = Field(default="", pattern=r"^([0-9]{4,8})?$")

    def client_with(self, chart: Chart) -> Client:
        """The client, whose books follow that chart."""
        functions = Functions(
            chart,
            self.account_length,
            self.automatic_accounts,
            vat=self.vat_accounts,
            input_vat=self.input_vat_accounts,
            oss=self.oss_accounts,
            oss_key=self.oss_key,
            direct=self.direct_accounts,
            clearing=self.clearing_account,
        )
        return Client(self.consultant, self.client, functions, self.general_reversal)
