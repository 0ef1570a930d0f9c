"""What is written as UBL is read back: any field of any kind, as Invoice and as CreditNote."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faktura.kernel.terms import TaxCategory
from faktura.plugin import (
    Allowance,
    AttachedFile,
    Attachment,
    Contact,
    CreditTransfer,
    Delivery,
    DirectDebit,
    DocumentLine,
    DocumentPeriod,
    Identifier,
    InvoiceDocument,
    ItemAttribute,
    ItemClassification,
    Note,
    Party,
    Payee,
    PaymentInstructions,
    PostalAddress,
    PrecedingInvoice,
    TaxRepresentative,
    Totals,
    VatBreakdown,
)
from faktura_en16931.profile import Profile
from faktura_en16931.safe_xml import parsed
from faktura_en16931.ubl import write_ubl
from faktura_en16931.ubl_reading import read_ubl

PROFILE = Profile(process="urn:process", specification="urn:specification")

# Texts as people write them: anything XML can hold, with a first and last sign one can see.
_SEEN = st.characters(
    exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="#\ufffe\uffff"
)
_ANY = st.characters(
    exclude_categories=["Cs"],
    exclude_characters="#\r\ufffe\uffff" + "".join(map(chr, {*range(32)} - {9, 10})),
)
TEXTS = st.builds(lambda head, rest: f"{head}{rest}", _SEEN, st.text(_ANY, max_size=12))
CODES = st.text(_SEEN, min_size=1, max_size=8)
AMOUNTS = st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents).scaleb(-2))
ABOVE_ZERO = st.integers(1, 10**9).map(lambda number: Decimal(number).scaleb(-6))
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
RATED = st.one_of(
    st.tuples(
        st.sampled_from([one for one in TaxCategory if one is not TaxCategory.O]), ABOVE_ZERO
    ),
    st.just((TaxCategory.O, None)),
)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=2).map(tuple)


PERIODS = st.builds(
    lambda start, days: DocumentPeriod(start=start, end=start + timedelta(days)),
    DAYS,
    st.integers(0, 400),
)
IDENTIFIERS = st.builds(Identifier, value=CODES, scheme=maybe(st.sampled_from(["0088", "0199"])))
ADDRESSES = st.builds(
    PostalAddress,
    line1=maybe(TEXTS),
    line2=maybe(TEXTS),
    line3=maybe(TEXTS),
    city=st.just("") | TEXTS,
    postcode=st.just("") | TEXTS,
    subdivision=maybe(TEXTS),
    country=CODES,
)
CONTACTS = st.builds(Contact, name=TEXTS, phone=maybe(TEXTS), email=maybe(TEXTS))
_PARTY: dict[str, Any] = {
    "name": TEXTS,
    "trading_name": maybe(TEXTS),
    "identifiers": some(IDENTIFIERS),
    "registration": maybe(IDENTIFIERS),
    "vat_id": maybe(CODES),
    "endpoint": maybe(IDENTIFIERS),
    "address": ADDRESSES,
    "contact": maybe(CONTACTS),
}
BUYERS = st.builds(Party, **_PARTY)
SELLERS = st.builds(Party, **_PARTY, tax_number=maybe(CODES), legal_info=maybe(TEXTS))
ALLOWANCES = st.builds(
    Allowance,
    amount=AMOUNTS,
    base=maybe(AMOUNTS),
    percent=maybe(ABOVE_ZERO),
    reason=maybe(TEXTS),
    reason_code=maybe(CODES),
)
TAXED_ALLOWANCES = st.builds(
    lambda allowance, rated: allowance.model_copy(
        update={"vat_category": rated[0], "vat_rate": rated[1]}
    ),
    ALLOWANCES,
    RATED,
)
LINES = st.builds(
    lambda rated, reduced, **fields: DocumentLine(
        vat_category=rated[0],
        vat_rate=rated[1],
        price_discount=reduced[0],
        gross_price=reduced[1],
        **fields,
    ),
    RATED,
    st.sampled_from([(None, None), (Decimal("1.5"), None)]) | st.tuples(ABOVE_ZERO, ABOVE_ZERO),
    id=CODES,
    note=maybe(TEXTS),
    object_identifier=maybe(IDENTIFIERS),
    quantity=ABOVE_ZERO | ABOVE_ZERO.map(lambda quantity: -quantity),
    unit_code=CODES,
    net=AMOUNTS,
    order_line=maybe(CODES),
    accounting_reference=maybe(CODES),
    period=maybe(PERIODS),
    allowances=some(ALLOWANCES),
    charges=some(ALLOWANCES),
    price=ABOVE_ZERO,
    price_base=ABOVE_ZERO | st.just(Decimal(1)),
    name=TEXTS,
    description=maybe(TEXTS),
    article_number=maybe(CODES),
    buyer_article_number=maybe(CODES),
    standard_identifier=maybe(IDENTIFIERS),
    classifications=some(
        st.builds(ItemClassification, code=CODES, scheme=CODES, version=maybe(CODES))
    ),
    origin_country=maybe(CODES),
    attributes=some(st.builds(ItemAttribute, name=TEXTS, value=TEXTS)),
)
TRANSFERS = st.builds(CreditTransfer, iban=CODES, holder=maybe(TEXTS), bic=maybe(CODES))
DEBITS = st.builds(
    DirectDebit, mandate=CODES, creditor_id=st.just("") | CODES, iban=st.just("") | CODES
)
WAYS_TO_PAY: list[dict[str, Any]] = [
    {"transfers": some(TRANSFERS)},
    {"direct_debit": DEBITS},
    {"card_last_digits": CODES, "card_holder": maybe(TEXTS)},
]
PAYMENTS = st.one_of(
    [
        st.builds(
            PaymentInstructions,
            means_code=CODES,
            means_text=maybe(TEXTS.map(str.strip)),
            remittance=maybe(CODES),
            **way,
        )
        for way in WAYS_TO_PAY
    ]
)
DELIVERIES = st.builds(
    Delivery,
    on=maybe(DAYS),
    name=TEXTS,
    location=maybe(IDENTIFIERS),
    address=maybe(ADDRESSES),
)
FILES = st.builds(
    AttachedFile, filename=CODES, media_type=CODES, content=st.binary(min_size=1, max_size=9)
)
DOCUMENTS = st.builds(
    lambda accounting, **fields: InvoiceDocument(
        tax_currency=accounting[0],
        totals=fields.pop("totals").model_copy(update={"vat_accounting": accounting[1]}),
        **fields,
    ),
    st.just((None, None)) | st.tuples(st.just("CHF"), AMOUNTS),
    number=CODES,
    issued_on=DAYS,
    type_code=st.sampled_from(["380", "381", "384", "389"]),
    currency=st.just("EUR"),
    vat_point_on=maybe(DAYS),
    vat_point_code=maybe(CODES),
    due_on=maybe(DAYS),
    buyer_reference=maybe(CODES),
    project_reference=maybe(CODES),
    contract_reference=maybe(CODES),
    order_reference=maybe(CODES.filter(lambda code: code != "NA")),
    sales_order_reference=maybe(CODES),
    receiving_reference=maybe(CODES),
    despatch_reference=maybe(CODES),
    tender_reference=maybe(CODES),
    object_identifier=maybe(IDENTIFIERS),
    accounting_reference=maybe(CODES),
    payment_terms=maybe(TEXTS.map(lambda text: f"{text}\n")),
    notes=some(st.builds(Note, text=TEXTS, subject=maybe(st.sampled_from(["AAI", "TXD"])))),
    preceding=some(st.builds(PrecedingInvoice, number=CODES, issued_on=maybe(DAYS))),
    seller=SELLERS,
    buyer=BUYERS,
    payee=maybe(
        st.builds(Payee, name=TEXTS, identifier=maybe(IDENTIFIERS), registration=maybe(IDENTIFIERS))
    ),
    tax_representative=maybe(
        st.builds(TaxRepresentative, name=TEXTS, vat_id=CODES, address=ADDRESSES)
    ),
    delivery=maybe(DELIVERIES),
    period=maybe(PERIODS),
    payment=PAYMENTS,
    allowances=some(TAXED_ALLOWANCES),
    charges=some(TAXED_ALLOWANCES),
    totals=st.builds(
        Totals,
        **dict.fromkeys(
            ("lines", "allowances", "charges", "net", "vat", "gross", "prepaid", "rounding", "due"),
            AMOUNTS,
        ),
    ),
    vat=some(
        st.builds(
            lambda rated, **fields: VatBreakdown(category=rated[0], rate=rated[1], **fields),
            RATED,
            taxable=AMOUNTS,
            tax=AMOUNTS,
            exemption_reason=maybe(TEXTS),
            exemption_code=maybe(CODES),
        )
    ),
    attachments=some(
        st.builds(
            Attachment,
            reference=CODES,
            description=maybe(TEXTS),
            location=maybe(CODES),
            file=maybe(FILES),
        )
    ),
    lines=some(LINES),
)


# One document has a hundred fields: few of them see every field, and each takes its time.
A_FEW = settings(
    max_examples=max(30, settings().max_examples // 5),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@A_FEW
@given(document=DOCUMENTS)
def test_what_was_written_is_read_back(document: InvoiceDocument) -> None:
    """read(write(d)) == d for any field of any kind, as Invoice and as CreditNote; nothing is left."""
    read = read_ubl(parsed(write_ubl(document, PROFILE)))

    assert read.document == document
    assert read.unread == ()
