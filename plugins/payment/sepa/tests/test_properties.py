"""Laws of every file: sums, counts and blocks, whatever debits it has (P41)."""

import logging
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from faktura.kernel.clock import SystemClock
from faktura.kernel.payment_terms import MandateScheme, MandateSequence
from faktura.plugin import DebitFile, DebitItem, DebitMandate, Runtime, StateStore
from faktura_sepa.adapter import SepaAdapter
from faktura_sepa.settings import SepaSettings

# The adapter is pure: it asks its runtime for nothing.
ADAPTER = SepaAdapter(
    SepaSettings(), Runtime(SystemClock(), logging.getLogger("sepa"), cast("StateStore", None))
)
LARGEST = 99_999_999_999
SPACES = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"}
LETTERS = st.text("abcxyzäöüßéŁ &-", min_size=1, max_size=35).filter(str.strip)


@st.composite
def debits(draw: st.DrawFn) -> list[DebitItem]:
    """Up to a dozen debits on three days, of all kinds of mandates."""
    items = []
    for number in range(draw(st.integers(1, 12))):
        mandate = DebitMandate(
            reference=f"M-{draw(st.integers(1, 5))}",
            signed_on=date(2026, 1, 15),
            scheme=MandateScheme.CORE,
            sequence=draw(st.sampled_from(MandateSequence)),
            debtor_name=draw(LETTERS),
            iban="DE89370400440532013000",
            last_collection=draw(st.booleans()),
        )
        items.append(
            DebitItem(
                end_to_end=f"E-{number}",
                amount=Decimal(draw(st.integers(1, LARGEST))).scaleb(-2),
                mandate=mandate,
                remittance=draw(LETTERS),
                due_on=date(2026, 11, 30) + timedelta(days=draw(st.integers(0, 2))),
            )
        )
    return items


def written(items: list[DebitItem]) -> bytes:
    file = DebitFile(
        message_id="FAK-1",
        created_at=datetime(2026, 11, 22, tzinfo=UTC),
        creditor_name="Musterfirma GmbH",
        creditor_id="DE98ZZZ09999999999",
        iban="DE02120300000000202051",
        items=tuple(items),
    )
    return ADAPTER.write(file).content


def texts(element: etree._Element, path: str) -> list[str]:
    return [found.text or "" for found in element.findall(path, SPACES)]


@given(debits())
@settings(max_examples=30)
def test_counts_and_sums_are_those_of_the_debits(items: list[DebitItem]):
    """Of the file and of each block, to the cent; no debit is lost and none is there twice."""
    root = etree.fromstring(written(items))

    assert Counter(texts(root, ".//p:EndToEndId")) == Counter(each.end_to_end for each in items)
    for head, inside in ((root[0][0], root), *((each, each) for each in _blocks(root))):
        amounts = [Decimal(text) for text in texts(inside, ".//p:InstdAmt")]
        assert texts(head, "p:NbOfTxs") == [str(len(amounts))]
        assert texts(head, "p:CtrlSum") == [f"{sum(amounts):.2f}"]
    assert sum(each.amount for each in items) == Decimal(texts(root[0][0], "p:CtrlSum")[0])


@given(debits())
@settings(max_examples=30)
def test_a_block_has_one_due_day_and_sequence_and_there_are_no_two_of_a_kind(
    items: list[DebitItem],
):
    """P41: they are never mixed; and one block means one credit."""
    blocks = _blocks(etree.fromstring(written(items)))
    due = {each.end_to_end: each.due_on.isoformat() for each in items}

    kinds = [
        (texts(each, "p:ReqdColltnDt")[0], texts(each, "p:PmtTpInf/p:SeqTp")[0]) for each in blocks
    ]
    assert len(set(kinds)) == len(kinds)
    assert kinds == sorted(kinds)
    for block, (day, _) in zip(blocks, kinds, strict=True):
        assert {due[name] for name in texts(block, ".//p:EndToEndId")} == {day}


@given(st.data())
@settings(max_examples=30)
def test_the_order_of_the_debits_does_not_matter(data: st.DataObject):
    """The same debits are the same bytes."""
    items = data.draw(debits())

    assert written(data.draw(st.permutations(items))) == written(items)


def _blocks(root: etree._Element) -> list[etree._Element]:
    return root.findall(".//p:PmtInf", SPACES)
