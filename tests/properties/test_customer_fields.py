"""Laws of customers and their fields: what is written is read again as the same customer."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from faktura.kernel.terms import IntervalUnit, PaymentMethod, RecipientUse
from faktura.services.imports.customer_file import CustomerFields
from faktura.services.imports.customer_record import customer_fields
from faktura.services.imports.entries import Form
from faktura.services.imports.validation import fields_of
from faktura.services.merge_patch import merged

ID = UUID(int=1)
LINES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=20)
FILLED = LINES.filter(lambda text: bool(text.strip()))
MAILS = st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.example", fullmatch=True)
TRUTHS = st.booleans()
DAYS = st.dates().filter(lambda day: 1900 <= day.year <= 2199).map(lambda day: day.isoformat())


def maybe(values):
    """A value, or null."""
    return st.none() | values


ADDRESSES = st.fixed_dictionaries(
    {"country": st.sampled_from(["DE", "AT", "FR", "US"])},
    optional=dict.fromkeys(("street", "zipCode", "city", "extra", "careOf"), LINES),
)
CONTACTS = st.fixed_dictionaries(
    {}, optional={"name": LINES, "phone": LINES, "email": maybe(MAILS), "shown": TRUTHS}
)
RECIPIENTS = st.fixed_dictionaries(
    {"email": MAILS}, optional={"use": st.sampled_from(list(RecipientUse)).map(str)}
)
MANDATES = st.fixed_dictionaries(
    {
        "reference": st.from_regex(r"[A-Z0-9]{1,35}", fullmatch=True),
        "iban": st.sampled_from(["DE02120300000000202051", "DE02 1203 0000 0000 2020 51"]),
        "signedOn": DAYS,
    }
)
TERMS: st.SearchStrategy[dict[str, object]] = st.just({}) | st.fixed_dictionaries(
    {"duePeriod": st.integers(0, 1000), "dueUnit": st.sampled_from(list(IntervalUnit)).map(str)}
)
CUSTOMERS = st.builds(
    lambda record, term: {**record, **term},
    st.fixed_dictionaries(
        {"name": FILLED, "isBusiness": TRUTHS, "billingAddress": ADDRESSES},
        optional={
            "contactPerson": maybe(CONTACTS),
            "email": maybe(MAILS),
            "recipients": st.lists(RECIPIENTS, max_size=3),
            "euTaxId": maybe(st.sampled_from(["DE123456789", "atu12345678"])),
            "taxNumber": LINES,
            "registerNumber": LINES,
            "leitwegId": maybe(st.just("991-01234-38")),
            "language": st.sampled_from(["de", "en"]),
            "paymentMethod": st.sampled_from(list(PaymentMethod)).map(str),
            "mandate": maybe(MANDATES),
            "documentFormat": maybe(st.just("xrechnung-cii")),
            "orderReference": LINES,
        },
    ),
    TERMS,
)


def customer(values):
    """The customer that a request makes."""
    return fields_of(CustomerFields, values, Form.REST).customer(ID, "K-1", "10001")


@given(CUSTOMERS)
def test_a_customer_is_the_same_after_it_was_written_and_read(values):
    """So a patch of one field leaves all others as they were."""
    made = customer(values)

    assert customer(customer_fields(made)) == made


@given(CUSTOMERS, CUSTOMERS)
def test_the_patch_of_everything_makes_the_other_customer(values, others):
    """RFC 7396: a whole record as a patch replaces the record."""
    made, other = customer(values), customer(others)

    patched = merged(customer_fields(made), customer_fields(other))

    assert customer(patched) == other
