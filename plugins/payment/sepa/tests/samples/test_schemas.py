"""Our files against the schemas of the DK and of ISO 20022, which `make conformance` names."""

import os
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from faktura.plugin import DebitFile, DebitItem, DebtorAddress
from faktura_sepa.adapter import SepaAdapter

SCHEMAS = ["pain.008.001.08_GBIC_4.xsd", "pain.008.001.08.iso.xsd"]
# GBIC_5 is judged, too, where somebody has it.
SCHEMAS += [
    path.name
    for path in Path(os.environ["FAKTURA_CONFORMANCE_DATA"]).rglob("pain.008.001.08_GBIC_5.xsd")
]
SWISS = "CH9300762011623852957"
Item = Callable[..., DebitItem]


@pytest.fixture(params=SCHEMAS)
def faults(request: pytest.FixtureRequest) -> Callable[[bytes], list[str]]:
    """What a schema says against a document."""
    [path] = Path(os.environ["FAKTURA_CONFORMANCE_DATA"]).rglob(str(request.param))
    schema = etree.XMLSchema(etree.parse(path))

    def judge(content: bytes) -> list[str]:
        schema.validate(etree.fromstring(content))
        return str(schema.error_log).splitlines()

    return judge


def wide_items(item: Item) -> list[DebitItem]:
    """Everything a file can say, at its longest and shortest."""
    full = DebtorAddress(street="S" * 70, post_code="P" * 16, town="T" * 35, country="CH")
    signs = "+?/-:().,' x"
    return [
        item(end_to_end="E" * 35, reference="M" * 35, debtor_name="N" * 70, remittance="R" * 140),
        item(end_to_end="1", reference="1", debtor_name="N", remittance="R", amount="0.01"),
        item(end_to_end="2" + signs, reference="2" + signs, debtor_name=signs, remittance=signs),
        item(end_to_end="3", bic="COBADEFF", amount="999999999.99"),
        item(end_to_end="4", sequence="ONE_OFF", due_on=date(2026, 12, 1)),
        item(end_to_end="5", last_collection=True),
        item(end_to_end="6", first_collection=True, former_reference="A" * 35),
        item(end_to_end="7", former_account="DE02120300000000202051"),
        item(end_to_end="7a", former_creditor_id="DE98ZZZ09999999999", former_reference="A"),
        item(
            end_to_end="7b",
            former_reference="A",
            former_creditor_id="AT61ZZZ01234567890",
            former_account="DE02120300000000202051",
        ),
        item(end_to_end="8", iban=SWISS, address=full),
        item(end_to_end="9", iban=SWISS, address=DebtorAddress(town="Bern", country="CH")),
        item(end_to_end="10", debtor_name="Jürgen Weiß & Söhne", remittance="Größe „L“ – 5 €"),
    ]


def test_everything_a_file_can_say_is_valid(
    adapter: Callable[..., SepaAdapter],
    file: Callable[..., DebitFile],
    item: Item,
    faults: Callable[[bytes], list[str]],
):
    """Longest ids, names and texts, every sequence type, amendments, addresses, with and without BIC."""
    sepa = adapter(first_sequence="FRST", batch_booking=False)
    items = wide_items(item)

    for bic in ("", "BYLADEM1001"):
        written = sepa.write(file(*items, message_id="M" * 31, creditor_name="C" * 70, bic=bic))
        assert faults(written.content) == []


def test_a_b2b_file_is_valid(
    adapter: Callable[..., SepaAdapter],
    file: Callable[..., DebitFile],
    item: Item,
    faults: Callable[[bytes], list[str]],
):
    """The other scheme, in a file of its own."""
    b2b = item(scheme="B2B", confirmed_on=date(2026, 2, 1))

    assert faults(adapter(takes_b2b=True).write(file(b2b)).content) == []


def test_a_full_file_is_valid(
    adapter: Callable[..., SepaAdapter],
    file: Callable[..., DebitFile],
    item: Item,
    faults: Callable[[bytes], list[str]],
):
    """800 debits at their largest: the sum still fits."""
    items = [item(end_to_end=f"{n:032}", amount="999999999.99") for n in range(800)]

    assert faults(adapter().write(file(*items)).content) == []


TYPED = st.tuples(
    st.sampled_from(["end_to_end", "reference", "debtor_name", "remittance"]),
    st.text("aB3 äß&é/-:.,'@_<Ж\u00ad\n", max_size=40),
) | st.tuples(st.just("amount"), st.decimals(-1, 10**10, places=2))


@given(TYPED)
@settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_no_rule_of_ours_refuses_is_valid(
    adapter: Callable[..., SepaAdapter],
    file: Callable[..., DebitFile],
    item: Item,
    faults: Callable[[bytes], list[str]],
    typed: tuple[str, str | Decimal],
):
    """Whatever people type: it is refused by name, or the schema takes it."""
    field, value = typed
    debit = item(**{field: value})

    if not adapter().problems_of(debit):
        assert faults(adapter().write(file(debit)).content) == []


def test_the_schema_is_really_asked(
    adapter: Callable[..., SepaAdapter],
    file: Callable[..., DebitFile],
    item: Item,
    faults: Callable[[bytes], list[str]],
):
    """A credit transfer among the debits is found."""
    content = adapter().write(file(item())).content

    broken = content.replace(b"<PmtMtd>DD</PmtMtd>", b"<PmtMtd>CT</PmtMtd>")

    assert len(faults(broken)) > 0
