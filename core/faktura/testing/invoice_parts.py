"""Hypothesis strategies for the parts of invoice documents: right in themselves, texts from anywhere.

Needs hypothesis, which only tests have: import it from tests alone.
"""

from datetime import date, timedelta
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st

from faktura.plugin import (
    AttachedFile,
    Attachment,
    Contact,
    CreditTransfer,
    Delivery,
    DirectDebit,
    DocumentPeriod,
    Identifier,
    ItemAttribute,
    ItemClassification,
    Note,
    Party,
    Payee,
    PaymentInstructions,
    PostalAddress,
    PrecedingInvoice,
    TaxRepresentative,
)

T = TypeVar("T")

_SIGNS = st.characters(
    codec="utf-8", categories=("L", "M", "N", "P", "S", "Zs"), exclude_characters="#"
)
_WORDS = ("Grundgebühr", "A & B <C>", "“Ä” 'x' ]]>", "東京 🚀", "عربي", "x" * 60, "#let y = 1")


@cache
def texts(most: int = 40) -> st.SearchStrategy[str]:
    """A line of text that is never blank and has no blanks at its ends; any script, any plane."""
    drawn = st.text(_SIGNS, min_size=1, max_size=most).map(str.strip).filter(bool)
    return st.sampled_from(_WORDS) | drawn


@cache
def proses() -> st.SearchStrategy[str]:
    """Several lines, with line feeds and tabs between them."""
    lines = st.lists(texts(), min_size=1, max_size=3)
    return st.builds(lambda joint, parts: joint.join(parts), st.sampled_from("\n\t"), lines)


def maybe(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    """The value, or as often its absence."""
    return st.none() | strategy


def some(strategy: st.SearchStrategy[T], most: int = 2) -> st.SearchStrategy[tuple[T, ...]]:
    """None to `most` of them."""
    return st.lists(strategy, max_size=most).map(tuple)


DATES = st.dates(date(2000, 1, 1), date(2099, 12, 31))

IDENTIFIERS = st.builds(Identifier, value=texts()) | st.sampled_from(
    (
        Identifier(value="4000001000005", scheme="0088"),
        Identifier(value="150483782", scheme="0060"),
        Identifier(value="04011000-12345-03", scheme="0204"),
    )
)

ENDPOINTS = st.sampled_from(
    (
        Identifier(value="rechnung@beispiel.example", scheme="EM"),
        Identifier(value="04011000-12345-03", scheme="0204"),
        Identifier(value="DE123456788", scheme="9930"),
    )
)

IBANS = st.sampled_from(
    ("DE02120300000000202051", "DE02500105170137075030", "AT611904300234573201")
)

ADDRESSES = st.builds(
    PostalAddress,
    line1=maybe(texts()),
    line2=maybe(texts()),
    line3=maybe(texts()),
    city=texts(),
    postcode=texts(10),
    subdivision=maybe(texts()),
    country=st.sampled_from(("DE", "AT", "FR", "CH", "US", "JP", "GR")),
)

CONTACTS = st.builds(
    Contact,
    name=texts(),
    phone=st.sampled_from(("+49 3641 55512", "0361/123-456")),
    email=st.sampled_from(("ada@wattwerk.example", "a.b-c@d.example")),
)

SELLERS = st.builds(
    Party,
    name=texts(),
    trading_name=maybe(texts()),
    # The order of CII: those without a scheme first.
    identifiers=some(IDENTIFIERS).map(
        lambda found: tuple(sorted(found, key=lambda one: one.scheme is not None))
    ),
    registration=maybe(st.builds(Identifier, value=texts())),
    vat_id=st.just("DE123456788"),
    tax_number=st.just("37/123/45678"),
    legal_info=maybe(proses()),
    endpoint=ENDPOINTS,
    address=ADDRESSES,
    contact=CONTACTS,
)

BUYERS = st.builds(
    Party,
    name=texts(),
    trading_name=maybe(texts()),
    identifiers=some(IDENTIFIERS, most=1),
    registration=maybe(st.builds(Identifier, value=texts())),
    vat_id=st.sampled_from(("ATU12345675", "FR40303265045", "EL094019245")),
    endpoint=ENDPOINTS,
    address=ADDRESSES,
    contact=maybe(st.builds(Contact, name=texts(), phone=maybe(texts()), email=maybe(texts()))),
)

PAYEES = st.builds(
    Payee,
    name=texts().map(lambda name: f"Faktor {name}"),
    # Not one of the seller's: then the payee would be the seller (BR-17).
    identifier=maybe(st.builds(Identifier, value=texts().map(lambda value: f"Faktor {value}"))),
    registration=maybe(st.builds(Identifier, value=texts().map(lambda value: f"Faktor {value}"))),
)

REPRESENTATIVES = st.builds(
    TaxRepresentative, name=texts(), vat_id=st.just("DE123456788"), address=ADDRESSES
)

DELIVERIES = st.builds(
    Delivery,
    on=DATES,
    name=maybe(texts()),
    location=maybe(IDENTIFIERS),
    address=maybe(ADDRESSES),
)
"""With an address or without; category K needs one."""

NOTES = st.builds(
    Note, text=proses(), subject=maybe(st.sampled_from(("AAI", "REG", "SUR", "PMT")))
).filter(lambda note: not note.text.startswith("#"))

PRECEDING = st.builds(PrecedingInvoice, number=texts(), issued_on=maybe(DATES))

ATTACHED = st.builds(
    AttachedFile,
    filename=st.sampled_from(("nachweis.csv", "Ä & <b>.pdf", "bild.png")),
    media_type=st.sampled_from(("text/csv", "application/pdf", "image/png")),
    content=st.binary(min_size=1, max_size=50),
)

ATTACHMENTS = st.builds(
    Attachment, reference=texts(), description=maybe(texts()), file=ATTACHED
) | st.builds(
    Attachment,
    reference=texts(),
    description=maybe(texts()),
    location=st.sampled_from(("https://a.example/b?c=1&d=%20", "http://b.example")),
)

CLASSIFICATIONS = st.builds(
    ItemClassification,
    code=texts(),
    scheme=st.sampled_from(("STI", "ZZZ")),
    version=maybe(texts(5)),
)
ATTRIBUTES = st.builds(ItemAttribute, name=texts(), value=texts())

TRANSFERS = st.builds(
    CreditTransfer,
    iban=IBANS,
    holder=maybe(texts()),
    bic=maybe(st.sampled_from(("BYLADEM1001", "INGDDEFFXXX"))),
)


@st.composite
def periods(draw: st.DrawFn, within: DocumentPeriod | None = None) -> DocumentPeriod:
    """A period of a day or more, inside another where one is given."""
    first = within.start if within else date(2000, 1, 1)
    longest = (within.end - first).days if within else 30_000
    start = draw(st.integers(0, longest))
    end = draw(st.integers(start, min(longest, start + 400)))
    return DocumentPeriod(start=first + timedelta(start), end=first + timedelta(end))


@cache
def payments() -> st.SearchStrategy[PaymentInstructions]:
    """Every means of payment with exactly the group that belongs to it."""
    common: dict[str, Any] = {"means_text": maybe(texts()), "remittance": maybe(texts())}
    debit = st.builds(
        DirectDebit,
        mandate=texts(35),
        creditor_id=st.just("DE98ZZZ09999999999"),
        iban=IBANS,
    )
    return st.one_of(
        st.builds(
            PaymentInstructions,
            means_code=st.sampled_from(("30", "58")),
            transfers=st.lists(TRANSFERS, min_size=1, max_size=2).map(tuple),
            **common,
        ),
        st.builds(PaymentInstructions, means_code=st.just("59"), direct_debit=debit, **common),
        st.builds(
            PaymentInstructions,
            means_code=st.sampled_from(("48", "54", "55")),
            card_last_digits=st.sampled_from(("4242", "123456")),
            card_holder=maybe(texts()),
            **common,
        ),
        st.builds(
            PaymentInstructions,
            means_code=st.sampled_from(("1", "10", "57", "68", "97")),
            **common,
        ),
    )
