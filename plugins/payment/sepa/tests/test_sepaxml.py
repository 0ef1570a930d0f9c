"""Our files against those of another writer, sepaxml, in all that both say (banking.md 3.7)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from lxml import etree
from sepaxml import SepaDD

from faktura.plugin import DebitFile, DebitItem
from faktura_sepa.adapter import SepaAdapter

# What each writer makes up, and the creditor id at the initiating party, which the DK advises
# against and sepaxml always writes.
OWN = {
    "GrpHdr/MsgId",
    "GrpHdr/CreDtTm",
    "GrpHdr/InitgPty/Id/OrgId/Othr/Id",
    "PmtInf/PmtInfId",
}


@pytest.fixture
def debits(item: Callable[..., DebitItem]) -> list[DebitItem]:
    """Debits of two blocks, in the order of our files, without what sepaxml does not know."""
    return [
        item(end_to_end="E-1", reference="M-1", sequence="ONE_OFF", amount="0.01"),
        item(end_to_end="E-2", reference="M-2", amount="119.00", bic="COBADEFFXXX"),
        item(end_to_end="E-3", reference="M-3", amount="1234567.89", remittance="x" * 140),
        item(end_to_end="E-4", reference="M-4", amount="20.00", due_on=date(2026, 12, 1)),
    ]


def by_sepaxml(file: DebitFile, instrument: str) -> bytes:
    config = {
        "name": file.creditor_name,
        "IBAN": file.iban,
        "batch": True,
        "creditor_id": file.creditor_id,
        "currency": "EUR",
        "instrument": instrument,
    }
    if file.bic:
        config["BIC"] = file.bic
    document = SepaDD(config, schema="pain.008.001.08", clean=False)
    for each in file.items:
        payment: dict[str, object] = {
            "name": each.mandate.debtor_name,
            "IBAN": each.mandate.iban,
            "amount": int(each.amount * 100),
            "type": "OOFF" if each.mandate.sequence == "ONE_OFF" else "RCUR",
            "collection_date": each.due_on,
            "mandate_id": each.mandate.reference,
            "mandate_date": each.mandate.signed_on,
            "description": each.remittance,
            "endtoend_id": each.end_to_end,
        }
        if each.mandate.bic:
            payment["BIC"] = each.mandate.bic
        document.add_payment(payment)
    exported = document.export(validate=False)
    assert isinstance(exported, bytes)
    return exported


def said(content: bytes) -> list[tuple[str, str, str]]:
    """Path, text and currency of every element with a text, in the order of the file."""
    found = []
    for element in etree.fromstring(content).iter():
        if not len(element):
            above = [etree.QName(each).localname for each in element.iterancestors()][:-2]
            path = "/".join([*above[::-1], etree.QName(element).localname])
            if path not in OWN:
                found.append((path, element.text or "", element.get("Ccy", "")))
    return found


@pytest.mark.parametrize("bic", ["", "BYLADEM1001"])
def test_both_writers_say_the_same_in_the_same_order(
    adapter: Callable[..., SepaAdapter],
    file: Callable[..., DebitFile],
    debits: list[DebitItem],
    bic: str,
):
    """Elements, their order, amounts, sums, dates, the scheme and everyone's account."""
    ours = file(*debits, bic=bic)

    content = said(adapter().write(ours).content)

    assert content == said(by_sepaxml(ours, "CORE"))
    assert sum(1 for path, _, _ in content if path.endswith("EndToEndId")) == 4
    assert ("GrpHdr/CtrlSum", "1234706.90", "") in content


def test_both_writers_say_the_same_of_b2b(
    adapter: Callable[..., SepaAdapter],
    file: Callable[..., DebitFile],
    item: Callable[..., DebitItem],
):
    """The one difference is the local instrument."""
    ours = file(item(scheme="B2B", confirmed_on=date(2026, 2, 1), amount=Decimal("3.10")))

    content = said(adapter(takes_b2b=True).write(ours).content)

    assert content == said(by_sepaxml(ours, "B2B"))
    assert ("PmtInf/PmtTpInf/LclInstrm/Cd", "B2B", "") in content
