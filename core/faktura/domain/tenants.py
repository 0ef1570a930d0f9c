"""The tenant: one legal entity that sells, with everything its documents need to name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.bank_policies import BankPolicy
from faktura.domain.deferral import DeferralPolicy
from faktura.domain.dunning_policies import DunningPolicy
from faktura.domain.mail_policies import MailPolicy
from faktura.domain.payment_policies import PaymentPolicies
from faktura.domain.payment_terms import PaymentTerm
from faktura.domain.tax import OssRates
from faktura.domain.vat_policies import VatPolicy
from faktura.kernel.terms import Chart, TaxCase


@dataclass(frozen=True, slots=True)
class Seller:
    """The seller as printed: § 14 Abs. 4 UStG and BG-4.

    `tax_number` or `vat_id` is mandatory on documents; `creditor_id` is the SEPA one; `iban`, `bic`
    and `account_holder` are where customers transfer to.
    """

    legal_name: str
    address: Address
    contact: ContactPerson
    vat_id: str = ""
    tax_number: str = ""
    register_number: str = ""
    legal_info: str = ""
    trading_name: str = ""
    iban: str = ""
    bic: str = ""
    account_holder: str = ""
    creditor_id: str = ""


@dataclass(frozen=True, slots=True)
class Tenant:
    """A tenant's settings; changes take effect with the next run, issued documents keep theirs.

    `tax_cases` are the cases the tenant has set up: any other is refused by name (domain.md).
    `oss_from` is the first service day taxed in the destination country; None is below the
    threshold. `accounts` overrides the chart by account key (charts.py). `document_format` is the format
    of customers that name none. `deferral` says what revenue is deferred of documents from now on.
    `payments` says how open amounts are collected from now on, `bank` how movements are dealt with,
    `mail` how mails are sent, `dunning` how overdue documents are dunned, `vat_checks` how VAT ids are checked.
    `sandbox` is said once, when it is created: nothing of it ever reaches the live world (F137).
    """

    id: int
    key: str
    seller: Seller
    time_zone: str = "Europe/Berlin"
    currency: str = "EUR"
    language: str = "de"
    chart: Chart = Chart.SKR03
    small_business: bool = False
    tax_cases: frozenset[TaxCase] = frozenset({TaxCase.STANDARD, TaxCase.REDUCED})
    oss_from: date | None = None
    oss_rates: Mapping[str, OssRates] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)
    payment_term: PaymentTerm = field(default_factory=PaymentTerm)
    fiscal_year_month: int = 1
    document_format: str | None = None
    zero_documents: bool = False
    collective_invoices: bool = False
    deferral: DeferralPolicy = field(default_factory=DeferralPolicy)
    payments: PaymentPolicies = field(default_factory=PaymentPolicies)
    bank: BankPolicy = field(default_factory=BankPolicy)
    mail: MailPolicy = field(default_factory=MailPolicy)
    dunning: DunningPolicy = field(default_factory=DunningPolicy)
    vat_checks: VatPolicy = field(default_factory=VatPolicy)
    sandbox: bool = False

    @property
    def country(self) -> str:
        """The country whose VAT law applies at home."""
        return self.seller.address.country
