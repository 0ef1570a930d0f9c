"""What a sandbox keeps of people and companies: nothing that names them, all that billing decides by (F137).

Kept are countries, whether somebody is a business, VAT cases, terms, prices, quantities and days. All else
that somebody wrote is left out or replaced by a value that is nobody's and has the same form.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from faktura.domain.activities import OpenActivity
from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.articles import Article, ProductGroup
from faktura.domain.contracts import Contract
from faktura.domain.costs import Costs
from faktura.domain.customers import Customer, Mandate, Recipient
from faktura.domain.discounts import ContractDiscount, Discount
from faktura.domain.mail_policies import MailPolicy
from faktura.domain.numbering import NumberFormat
from faktura.domain.subscriptions import SubscriptionItem
from faktura.domain.tax import TaxGroup
from faktura.domain.tenants import Seller, Tenant
from faktura.domain.vat_policies import VatPolicy

# RFC 2606: no mail to it ever arrives. No bank has the code of nothing but zeros.
_DOMAIN = "sandbox.invalid"
_NO_BANK = "00000000"
# The creditor id that the Bundesbank gives out for tests.
_CREDITOR_ID = "DE98ZZZ09999999999"
_NOBODY = "Sandbox"
_PHONE = "+49 000 000000"
# Account numbers up to here stand for accounts of the tenant, those behind it for customers'.
_OURS = 100_000
_DIGITS = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class Given:
    """The numbers that a range has written: those of its format below `following`, the next one."""

    format: NumberFormat
    following: int


def kept_number(number: str, given: Given | None) -> bool:
    """Whether a range of ours wrote a number: then it names nobody, and people find it again."""
    if given is None or not number.startswith(given.format.prefix):
        return False
    digits = number.removeprefix(given.format.prefix)
    # A phone number has the form of a range without a prefix, but is far ahead of it.
    return (
        digits.isascii()
        and digits.isdigit()
        and int(digits) < given.following
        and given.format.write(int(digits)) == number
    )


def nobodys_iban(no: int) -> str:
    """A German IBAN with right check digits at a bank that does not exist."""
    account = f"{_NO_BANK}{no:010d}"
    # ISO 7064 MOD 97-10: the country's letters count from 10, D is 13 and E is 14.
    check = 98 - int(f"{account}131400") % 97
    return f"DE{check:02d}{account}"


def nobodys_vat_id(vat_id: str, no: int) -> str:
    """A VAT id of the same country and form whose digits count on; empty stays empty.

    Letters say how an id is made up and stay. Swedish ones end with 01.
    """
    last = len(vat_id) - 2 if vat_id.startswith("SE") else len(vat_id)
    places = [place for place, sign in enumerate(vat_id[:last]) if sign in _DIGITS and place > 1]
    signs = list(vat_id)
    # A leading 1 suits every country; what does not fit in is cut off at the front.
    counted = f"1{no:0{max(len(places) - 1, 0)}d}"
    written = counted[:1] + counted[1:][-(len(places) - 1) :] if len(places) > 1 else counted[-1:]
    for place, digit in zip(places, written, strict=False):
        signs[place] = digit
    return "".join(signs)


@dataclass(slots=True)
class Pseudonyms:
    """Makes up names in the order in which it is asked; what one value stands for stays the same.

    `customers` and `contracts` are the ranges that give their numbers: numbers of theirs are kept.
    """

    customers: Given | None = None
    contracts: Given | None = None
    _people: Iterator[int] = field(default_factory=lambda: count(1))
    _frames: Iterator[int] = field(default_factory=lambda: count(1))
    _openings: Iterator[int] = field(default_factory=lambda: count(1))
    _ibans: dict[str, str] = field(default_factory=dict)
    _costs: dict[str, str] = field(default_factory=dict)

    def tenant(self, of: Tenant, key: str) -> Tenant:
        """A sandbox that bills as the tenant does, sells as nobody, and reaches no one."""
        levels = tuple(replace(level, texts={}) for level in of.dunning.levels)
        notices = dict.fromkeys(of.dunning.consumer_notice, "Hinweis")
        dunning = replace(of.dunning, levels=levels, consumer_notice=notices)
        by_method = {
            method: replace(policy, actions=()) for method, policy in of.payments.by_method.items()
        }
        payments = replace(of.payments, by_method=by_method)
        return replace(
            of,
            key=key,
            seller=self._seller(of.seller, key),
            dunning=dunning,
            payments=payments,
            mail=MailPolicy(off=of.mail.off, card_days=of.mail.card_days),
            # A register would be told of people who do not exist.
            vat_checks=VatPolicy(),
            sandbox=True,
        )

    def _seller(self, of: Seller, key: str) -> Seller:
        contact = self._contact(of.contact, 0)
        return Seller(
            f"{_NOBODY} {key}",
            self._address(of.address, 0),
            contact,
            vat_id=nobodys_vat_id(of.vat_id, 0),
            tax_number="00/000/00000" if of.tax_number else "",
            register_number="HRB 0" if of.register_number else "",
            iban=self.iban(of.iban),
            account_holder=_NOBODY if of.account_holder else "",
            creditor_id=_CREDITOR_ID if of.creditor_id else "",
        )

    def _address(self, of: Address, no: int) -> Address:
        # What is missing stays missing: it keeps a document from being issued.
        return Address(
            f"Musterweg {no}" if of.street else "",
            "00000" if of.zip_code else "",
            "Musterstadt" if of.city else "",
            of.country,
            "Zusatz" if of.extra else "",
            "c/o Niemand" if of.care_of else "",
        )

    def iban(self, iban: str) -> str:
        """The IBAN that stands for that one of the tenant; empty for none."""
        if not iban:
            return ""
        return self._ibans.setdefault(iban, nobodys_iban(len(self._ibans) + 1))

    def customer(self, of: Customer) -> Customer:
        """A customer who is taxed, billed and collected from like that one; nobody knows them."""
        no = next(self._people)
        mandate = of.mandate
        if mandate is not None:
            reference = f"SBX-M-{no:06d}"
            mandate = Mandate(reference, nobodys_iban(_OURS + no), mandate.signed_on)
        return Customer(
            of.id,
            of.number if kept_number(of.number, self.customers) else f"SBX-K-{no:06d}",
            f"Kunde {no}",
            of.is_business,
            self._address(of.address, no),
            of.debtor_account,
            email=f"kunde-{no}@{_DOMAIN}" if of.email else "",
            contact=None if of.contact is None else self._contact(of.contact, no),
            recipients=_recipients(of.recipients, f"kunde-{no}"),
            eu_tax_id=nobodys_vat_id(of.eu_tax_id, no),
            tax_number="00/000/00000" if of.tax_number else "",
            register_number="HRB 0" if of.register_number else "",
            leitweg_id=f"991-{no:05d}-00" if of.leitweg_id else "",
            language=of.language,
            payment_method=of.payment_method,
            payment_term=of.payment_term,
            mandate=mandate,
            document_format=of.document_format,
            order_reference=f"Bestellung {no}" if of.order_reference else "",
        )

    def _contact(self, of: ContactPerson, no: int) -> ContactPerson:
        return ContactPerson(
            f"Kontakt {no}" if of.name else "",
            _PHONE if of.phone else "",
            f"kontakt-{no}@{_DOMAIN}" if of.email else "",
            of.shown,
        )

    def contract(self, of: Contract) -> Contract:
        """The contract with its dates, terms and frame, without a word that somebody wrote."""
        no = next(self._frames)
        return replace(
            of,
            number=of.number if kept_number(of.number, self.contracts) else f"SBX-V-{no:06d}",
            internal_identifier="",
            header_text="",
            footer_text="",
            order_reference=f"Bestellung {no}" if of.order_reference else "",
            recipients=_recipients(of.recipients, f"vertrag-{no}"),
            costs=self.costs(of.costs),
        )

    def item(self, of: SubscriptionItem) -> SubscriptionItem:
        """The item with quantity, prices and days."""
        pauses = tuple(replace(pause, reason="") for pause in of.subscription.pauses)
        return replace(
            of,
            subscription=replace(of.subscription, pauses=pauses),
            discount=_discount(of.discount),
            links=(),
            note="",
            costs=self.costs(of.costs),
        )

    def waiting(self, of: OpenActivity) -> OpenActivity:
        """What waits to be billed, without its text."""
        return replace(
            of, text="", discount=_discount(of.discount), links=(), costs=self.costs(of.costs)
        )

    def contract_discount(self, of: ContractDiscount) -> ContractDiscount:
        """The discount without its reason."""
        return replace(of, discount=replace(of.discount, reason="Rabatt"))

    def article(self, of: Article) -> Article:
        """What is sold, by its number."""
        centre = None if of.cost_centre is None else self._cost(of.cost_centre)
        return replace(
            of,
            name=f"Artikel {of.number}",
            group=self.product_group(of.group),
            description="",
            html_description="",
            cost_centre=centre,
            costs=self.costs(of.costs),
        )

    def product_group(self, of: ProductGroup) -> ProductGroup:
        """The group by its key."""
        return replace(of, name=of.key, tax_group=self.tax_group(of.tax_group))

    def tax_group(self, of: TaxGroup) -> TaxGroup:
        """The group with its rates; the words of an exemption are replaced, its code is kept."""
        return replace(of, reason="Steuerbefreiung" if of.reason else "")

    def costs(self, of: Costs) -> Costs:
        """The same shares at cost centres and objects that are numbered."""
        return tuple(
            replace(
                share,
                centre=None if share.centre is None else self._cost(share.centre),
                object=None if share.object is None else self._cost(share.object),
            )
            for share in of
        )

    def _cost(self, name: str) -> str:
        return self._costs.setdefault(name, f"K{len(self._costs) + 1}")

    def opening_number(self) -> str:
        """The number of the next opening item; no range of a sandbox gives it."""
        return f"OP-{next(self._openings):06d}"


def _recipients(of: Sequence[Recipient], name: str) -> tuple[Recipient, ...]:
    return tuple(Recipient(f"{name}-{place}@{_DOMAIN}", one.use) for place, one in enumerate(of, 1))


def _discount(of: Discount | None) -> Discount | None:
    return None if of is None else replace(of, reason="Rabatt")
