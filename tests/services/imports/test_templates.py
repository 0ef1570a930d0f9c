"""Contract templates: what a contract has but for customer, number and dates (F014)."""

from datetime import date
from decimal import Decimal

import pytest

from faktura.kernel.errors import (
    FieldInvalid,
    FieldMissing,
    FieldUnknown,
    NotFound,
    NumberTaken,
    PriceMissing,
)
from faktura.kernel.periods import Interval
from faktura.kernel.request_errors import Forbidden
from faktura.kernel.terms import ContractState, IntervalUnit
from faktura.services.contract_templates import (
    changed_template,
    contract_from_template,
    create_template,
    fields_from_template,
    list_templates,
    locked_template,
    remove_template,
    visible_template,
)
from faktura.services.contract_view import contract_activities, show_contract
from faktura.services.imports.entries import Form
from faktura.services.imports.findings import FieldsRefused, ImportRefused
from faktura.services.imports.template_file import TemplateFields, TemplateUse, template_values
from faktura.services.imports.validation import fields_of
from faktura.store.catalogue import Project, read_projects, write_projects
from faktura.store.commissions import read_commission_rules
from faktura.store.contract_templates import read_template

YEARLY = Interval(12, IntervalUnit.MONTH)
STARTER = {
    "key": "starter",
    "name": "Starter",
    "billingInterval": {"unit": "MONTH"},
    "duePeriod": 14,
    "dueUnit": "DAY",
    "extraTextInvoiceHeader": "Willkommen",
    "subscriptions": [
        {
            "minimumTerm": {"count": 12, "unit": "MONTH"},
            "freePeriod": {"count": 1, "unit": "MONTH"},
            "items": [
                {
                    "articleNumber": "WEB-M",
                    "quantity": "2",
                    "specialPrices": [{"unitPrice": "25.00"}],
                    "discount": {"percent": "10"},
                }
            ],
        }
    ],
    "activities": [{"articleNumber": "SETUP", "quantity": "1.5", "text": "Einrichtung"}],
}
USE = TemplateUse("K-1", date(2027, 1, 31), "V-1", activate=True)


def template(values) -> TemplateFields:
    """The fields of a template, as a request gives them."""
    return fields_of(TemplateFields, values, Form.REST)


def keep(house, **changes: object):
    """Add a template like the one above."""
    return house.write(create_template, house.tenant, template(STARTER | changes))


def use(house, wanted=USE, key="starter"):
    """Make a contract from a template."""
    return house.write(contract_from_template, house.tenant, key, wanted)


def refused(act, *arguments: object):
    """What is wrong with an object: the kind of each error and its place."""
    with pytest.raises(FieldsRefused) as error:
        act(*arguments)
    return [(type(part), part.place) for part in error.value.parts]


def everything(house, number):
    """All that is shown of a contract."""
    found = house.read(show_contract, number)
    waits = house.read(contract_activities, house.tenant, number, date(2027, 1, 31))
    return found, waits


def test_a_contract_has_all_that_its_template_has_and_begins_with_its_start(peopled):
    """F014, F035: a free month from 31 January ends on 28 February; activities are due at once."""
    keep(peopled)

    made = use(peopled)

    found = peopled.read(show_contract, "V-1")
    (item,) = found.billable.items
    (activity,) = found.billable.activities
    assert (made.state, made.start, made.billing_anchor) == (
        ContractState.ACTIVE,
        date(2027, 1, 31),
        date(2027, 1, 31),
    )
    assert made.header_text == "Willkommen"
    assert made.payment_term is not None
    assert made.payment_term.period == 14
    assert item.subscription.minimum_term == YEARLY
    assert item.subscription.payment_start == date(2027, 2, 28)
    assert (item.article.number, item.quantity, item.start) == (
        "WEB-M",
        Decimal(2),
        date(2027, 1, 31),
    )
    assert item.special_prices[0].unit_price == Decimal(25)
    assert item.discount is not None
    assert item.discount.percent == Decimal(10)
    assert (activity.quantity, activity.text) == (Decimal("1.5"), "Einrichtung")
    assert (activity.service.start, activity.invoice_on) == (date(2027, 1, 31), date(2027, 1, 31))
    assert found.overview.next_due_on == date(2027, 1, 31)


def test_a_changed_template_never_touches_contracts_made_from_it(peopled):
    """F014: the contract keeps a copy, to the last field; what is made later has the change."""
    present = keep(peopled)
    use(peopled)
    before = everything(peopled, "V-1")

    peopled.write(
        changed_template,
        peopled.tenant,
        present,
        {
            "name": "Anders",
            "extraTextInvoiceHeader": "Anders",
            "duePeriod": None,
            "dueUnit": None,
            "subscriptions": [{"items": [{"articleNumber": "USER", "quantity": "1"}]}],
            "activities": None,
        },
    )

    assert everything(peopled, "V-1") == before
    later = use(peopled, TemplateUse("K-2", date(2027, 2, 1), "V-2"))
    changed = peopled.read(show_contract, "V-2").billable
    assert (later.header_text, later.payment_term) == ("Anders", None)
    assert [item.article.number for item in changed.items] == ["USER"]
    assert changed.activities == ()


def test_a_removed_template_leaves_its_contracts(peopled):
    """F014: nothing refers to a template."""
    present = keep(peopled)
    use(peopled)
    before = everything(peopled, "V-1")

    peopled.write(remove_template, present)

    assert everything(peopled, "V-1") == before
    with pytest.raises(NotFound, match="starter"):
        use(peopled, TemplateUse("K-1", date(2027, 1, 1)))


def test_what_is_given_at_use_wins_over_the_template(peopled):
    """Number, project, alignment and activation belong to the contract; a draft is the default."""
    keep(peopled)
    wanted = TemplateUse("K-2", date(2027, 1, 15), None, "cloud", date(2027, 2, 1))

    fields = peopled.read(fields_from_template, "starter", wanted)
    made = use(peopled, wanted)

    assert (fields.customer_number, fields.project, fields.contract_number) == (
        "K-2",
        "cloud",
        None,
    )
    assert (made.number, made.state, made.billing_anchor) == (
        "V-000001",
        ContractState.DRAFT,
        date(2027, 2, 1),
    )


def test_what_is_left_to_a_person_stays_so(peopled):
    """F040: a manual activity of a template has no day on which a run would bill it."""
    keep(peopled, activities=[{"articleNumber": "SETUP", "quantity": "1", "manual": True}])

    use(peopled)

    (activity,) = peopled.read(show_contract, "V-1").billable.activities
    assert (activity.manual, activity.invoice_on) == (True, None)


def test_a_template_holds_commission_rules(peopled):
    """F079: the partner earns on each contract, but for one of their own."""
    rule = {"partnerNumber": "K-2", "percent": "5", "due": "PAYMENT"}
    keep(peopled, commissionRules=[rule])

    made = use(peopled)

    rules = peopled.read(read_commission_rules, [made.id])[made.id]
    assert [(one.partner_number, one.percent) for one in rules] == [("K-2", Decimal(5))]
    assert refused(use, peopled, TemplateUse("K-2", date(2027, 1, 1))) == [
        (FieldInvalid, "commissionRules.1.partnerNumber")
    ]


def test_a_template_knows_no_days_but_those_on_which_prices_are_valid():
    """What a contract learns a template knows too; days of its own parts it takes from its start."""
    values = {**STARTER, "start": "2027-01-01", "customerNumber": "K-1"}
    values["subscriptions"] = [
        {
            "termStart": "2027-01-01",
            "paymentStart": "2027-02-01",
            "items": [
                {
                    "articleNumber": "WEB-M",
                    "quantity": "1",
                    "from": "2027-01-01",
                    "until": "2028-01-01",
                    "alignedTo": "2027-01-01",
                    "billedUntil": "2027-02-01",
                }
            ],
        }
    ]
    values["activities"] = [
        {"articleNumber": "SETUP", "quantity": "1", "from": "2027-01-01", "invoiceOn": "2027-01-01"}
    ]

    found = refused(template, values)

    assert {kind for kind, _place in found} == {FieldUnknown}
    assert {place for _kind, place in found} == {
        "start",
        "customerNumber",
        "subscriptions.1.termStart",
        "subscriptions.1.paymentStart",
        "subscriptions.1.items.1.from",
        "subscriptions.1.items.1.until",
        "subscriptions.1.items.1.alignedTo",
        "subscriptions.1.items.1.billedUntil",
        "activities.1.from",
        "activities.1.invoiceOn",
    }


@pytest.mark.parametrize(
    ("changes", "error", "place"),
    [
        (
            {"subscriptions": [{"items": [{"articleNumber": "WEB-Y", "quantity": "1"}]}]},
            FieldInvalid,
            "subscriptions.1.items.1.articleNumber",
        ),
        (
            {"subscriptions": [{"items": [{"articleNumber": "NIX", "quantity": "1"}]}]},
            NotFound,
            "subscriptions.1.items.1.articleNumber",
        ),
        (
            {"subscriptions": [{"items": [{"articleNumber": "SETUP", "quantity": "1"}]}]},
            FieldInvalid,
            "subscriptions.1.items.1.articleNumber",
        ),
        (
            {"activities": [{"articleNumber": "NIX", "quantity": "1"}]},
            NotFound,
            "activities.1.articleNumber",
        ),
        (
            {
                "subscriptions": [
                    {"renewal": "NONE", "items": [{"articleNumber": "WEB-M", "quantity": "1"}]}
                ]
            },
            FieldMissing,
            "subscriptions.1.minimumTerm",
        ),
        ({"project": "nix"}, NotFound, "project"),
        ({"kind": "SIMPLE"}, FieldInvalid, "kind"),
        (
            {"commissionRules": [{"partnerNumber": "X", "percent": "5", "due": "INVOICE"}]},
            NotFound,
            "commissionRules.1.partnerNumber",
        ),
    ],
)
def test_a_template_whose_contracts_would_be_refused_is_refused(peopled, changes, error, place):
    """F024, F027, F049: the same rules, at the same places, when it is saved."""
    found = refused(peopled.write, create_template, peopled.tenant, template(STARTER | changes))

    assert set(found) == {(error, place)}
    assert peopled.read(read_template, "starter") is None


def test_a_price_is_looked_for_on_the_day_of_use_only(peopled):
    """F047: an article whose price begins later, or is in another currency, may stand in one."""
    dollars = [{"items": [{"articleNumber": "USD-M", "quantity": "1"}]}]
    keep(peopled, subscriptions=dollars)

    assert refused(use, peopled) == [(PriceMissing, "subscriptions.1.items.1.articleNumber")]


def test_rules_are_checked_again_on_use(peopled):
    """A customer that does not exist, a number that is taken: as for any other contract."""
    keep(peopled)
    use(peopled)

    assert refused(use, peopled) == [(NumberTaken, "contractNumber")]
    assert refused(use, peopled, TemplateUse("K-9", date(2027, 1, 1))) == [
        (NotFound, "customerNumber")
    ]


def test_a_key_exists_once_and_stays(peopled):
    """What names a template is taken, and fixed."""
    present = keep(peopled)

    assert refused(keep, peopled) == [(NumberTaken, "key")]
    assert refused(peopled.write, changed_template, peopled.tenant, present, {"key": "other"}) == [
        (FieldInvalid, "key")
    ]


def test_a_change_is_checked_and_one_that_changes_nothing_writes_nothing(peopled):
    """F024: a template never becomes one that could not be saved."""
    present = keep(peopled)

    same = peopled.write(changed_template, peopled.tenant, present, {"name": "Starter"})

    assert same is present
    bad = {"billingInterval": {"unit": "YEAR"}}
    assert refused(peopled.write, changed_template, peopled.tenant, present, bad) == [
        (FieldInvalid, "subscriptions.1.items.1.articleNumber")
    ]
    assert peopled.read(visible_template, "starter") == present


def test_a_template_is_read_as_it_was_written(peopled):
    """Every default that counts today stands in it, so that tomorrow's do not."""
    present = keep(peopled)

    assert peopled.read(visible_template, "starter") == present
    assert template_values(present)["billInAdvance"] is True


def test_a_template_for_every_project_holds_only_what_every_project_sells(peopled):
    """F049: with two projects WEB-M, of one of them, needs the project to be named."""
    with peopled.database.write(peopled.tenant.id) as tx:
        write_projects(tx, [Project(tx.new_id(), "shop", "Shop")])

    assert refused(peopled.write, create_template, peopled.tenant, template(STARTER)) == [
        (FieldInvalid, "subscriptions.1.items.1.articleNumber")
    ]
    keep(peopled, project="cloud")
    keep(
        peopled, key="user", subscriptions=[{"items": [{"articleNumber": "USER", "quantity": "1"}]}]
    )
    wrong = TemplateUse("K-1", date(2027, 1, 1), project="shop")
    assert refused(use, peopled, wrong) == [(FieldInvalid, "subscriptions.1.items.1.articleNumber")]


def test_who_reaches_one_project_sees_its_templates_and_those_of_none(peopled):
    """F049, F114: others do not exist for them, and what is for all is not theirs to change."""
    with peopled.database.write(peopled.tenant.id) as tx:
        write_projects(tx, [Project(tx.new_id(), "shop", "Shop")])
    user = [{"items": [{"articleNumber": "USER", "quantity": "1"}]}]
    keep(peopled, project="cloud")
    keep(peopled, key="all", subscriptions=user)
    shop = {peopled.read(read_projects)["shop"].id}

    seen = peopled.read(list_templates, shop)

    assert [one.key for one in seen] == ["all"]
    assert [one.key for one in peopled.read(list_templates)] == ["all", "starter"]
    assert [one.key for one in peopled.read(list_templates, after="all", limit=1)] == ["starter"]
    with pytest.raises(NotFound, match="starter"):
        peopled.read(visible_template, "starter", shop)
    with pytest.raises(Forbidden):
        peopled.write(locked_template, "all", shop)
    with pytest.raises(Forbidden):
        peopled.write(create_template, peopled.tenant, template(STARTER | {"key": "mine"}), shop)


def test_a_file_of_templates_is_imported_whole_or_not_at_all(peopled):
    """The same framework as for every other file; CSV knows the paths."""
    peopled.take("templates", [STARTER, STARTER | {"key": "other"}])

    assert [one.key for one in peopled.read(list_templates)] == ["other", "starter"]
    with pytest.raises(ImportRefused) as error:
        peopled.take(
            "templates",
            "key;name;billingInterval.unit;subscriptions.1.items.1.articleNumber;"
            "subscriptions.1.items.1.quantity\nnew;New;MONTH;WEB-M;1\nstarter;Again;YEAR;WEB-M;1\n",
            suffix="csv",
        )
    assert [part.place for part in error.value.parts] == [
        "templates.csv, line 3, key",
        "templates.csv, line 3, subscriptions.1.items.1.articleNumber",
    ]
    assert peopled.read(read_template, "new") is None
