"""Commission rules of contracts: given with them, changed, shown (F079, F080)."""

from decimal import Decimal

import pytest

from faktura.kernel.contract_terms import CommissionDue
from faktura.kernel.errors import FieldInvalid, NotFound, OutOfRange, UnknownTerm
from faktura.services.contract_changes import changed_contract, locked_contract
from faktura.services.contract_view import list_contracts, show_contract
from faktura.services.imports.findings import FieldsRefused, ImportRefused
from faktura.store.catalogue import Project, write_projects
from faktura.store.events import events_of_seal

CONTRACT = {
    "contractNumber": "V-1",
    "customerNumber": "K-1",
    "start": "2026-10-01",
    "billingInterval": {"unit": "MONTH"},
    "subscriptions": [{"items": [{"articleNumber": "WEB-M", "quantity": "1"}]}],
}
ALL = {"partnerNumber": "K-2", "percent": "12.5", "due": "PAYMENT"}
ONE = {"partnerNumber": "K-2", "articleNumber": "WEB-M", "percent": "5", "due": "INVOICE"}


def shown(house, number="V-1"):
    """The rules of a contract as a person sees them."""
    rules = house.read(show_contract, number).overview.commission_rules
    return [(one.partner_number, one.article_number, one.percent, one.due) for one in rules]


def change(house, patch):
    """Change the contract by a merge patch."""
    with house.database.write(house.tenant.id) as tx:
        return changed_contract(tx, locked_contract(tx, "V-1"), patch)


def test_rules_come_with_the_contract_in_their_order(peopled):
    """F079, F080: from a file; each contract has its own."""
    peopled.take(
        "contracts",
        [{**CONTRACT, "commissionRules": [ONE, ALL]}, {**CONTRACT, "contractNumber": "V-2"}],
    )

    assert shown(peopled) == [
        ("K-2", "WEB-M", Decimal(5), CommissionDue.INVOICE),
        ("K-2", None, Decimal("12.5"), CommissionDue.PAYMENT),
    ]
    assert shown(peopled, "V-2") == []
    listed = peopled.read(list_contracts)
    assert [len(one.commission_rules) for one in listed] == [2, 0]


def test_rules_are_replaced_as_a_whole(peopled):
    """A merge patch replaces lists; what is not named stays, null takes all away."""
    peopled.take("contracts", [{**CONTRACT, "commissionRules": [ONE, ALL]}])

    change(peopled, {"commissionRules": [{**ALL, "percent": "7"}]})
    replaced = shown(peopled)
    change(peopled, {"internalIdentifier": "x"})
    kept = shown(peopled)
    change(peopled, {"commissionRules": None})

    assert replaced == kept == [("K-2", None, Decimal(7), CommissionDue.PAYMENT)]
    assert shown(peopled) == []
    assert [one.type for one in peopled.read(events_of_seal, 4)] == ["CONTRACT_CHANGED"]


def test_the_same_rules_again_change_nothing(peopled):
    """12.50 is 12.5: nothing is written, nobody is told."""
    peopled.take("contracts", [{**CONTRACT, "commissionRules": [ALL]}])

    change(peopled, {"commissionRules": [{**ALL, "percent": "12.50"}]})

    assert peopled.read(events_of_seal, 4) == []


@pytest.mark.parametrize(
    ("rule", "error", "place"),
    [
        ({**ALL, "partnerNumber": "K-9"}, NotFound, "commissionRules.1.partnerNumber"),
        ({**ALL, "partnerNumber": "K-1"}, FieldInvalid, "commissionRules.1.partnerNumber"),
        ({**ALL, "percent": "0"}, OutOfRange, "commissionRules.1.percent"),
        ({**ALL, "percent": "100.1"}, OutOfRange, "commissionRules.1.percent"),
        ({**ALL, "due": "LATER"}, UnknownTerm, "commissionRules.1.due"),
        ({**ONE, "articleNumber": "NIX"}, NotFound, "commissionRules.1.articleNumber"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_at_its_place(peopled, rule, error, place):
    """F079: in a file and in a change alike."""
    with pytest.raises(ImportRefused) as refused:
        peopled.take("contracts", [{**CONTRACT, "commissionRules": [rule]}])
    (part,) = refused.value.parts
    assert (type(part), part.place) == (error, f"contracts.json, line 1, entry 1, {place}")

    peopled.take("contracts", [CONTRACT])
    with pytest.raises(FieldsRefused) as again:
        change(peopled, {"commissionRules": [rule]})
    (part,) = again.value.parts
    assert (type(part), part.place) == (error, place)


def test_a_rule_names_an_article_of_the_contracts_project(peopled):
    """F049: a partner earns on what the contract can have."""
    with peopled.database.write(peopled.tenant.id) as tx:
        write_projects(tx, [Project(tx.new_id(), "shop", "Shop")])

    with pytest.raises(ImportRefused) as refused:
        peopled.take(
            "contracts",
            [{**CONTRACT, "project": "shop", "subscriptions": [], "commissionRules": [ONE]}],
        )

    assert [part.place for part in refused.value.parts] == [
        "contracts.json, line 1, entry 1, commissionRules.1.articleNumber"
    ]
