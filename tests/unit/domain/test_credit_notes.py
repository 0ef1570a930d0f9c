"""Credit notes that cannot be issued, or come to nothing (F066)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.properties.test_corrections import ARTICLE, CONTRACT, CUSTOMER, DAY
from tests.services.company import TENANT

from faktura.domain.activities import OpenActivity
from faktura.domain.billing_plan import BillableContract
from faktura.domain.costs import CostShare
from faktura.domain.credit_note_posting import credit_note_entry
from faktura.domain.credit_notes import CreditPosition, credit_note
from faktura.domain.finalise import missing_fields
from faktura.domain.rebilling import billed_again
from faktura.kernel.errors import FieldMissing, OutOfRange
from faktura.kernel.periods import Period

PARTNER = replace(CUSTOMER, address=replace(CUSTOMER.address, city="Berlin"))
TINY = CreditPosition(ARTICLE, Decimal("0.01"), Decimal("0.01"), Period(DAY, DAY.replace(day=2)))


def test_nothing_is_no_credit_note():
    """§ 14 (4) no. 5 UStG: what was supplied is named."""
    with pytest.raises(FieldMissing, match="nothing is credited"):
        credit_note(TENANT, CUSTOMER, CONTRACT, (), DAY)


def test_a_line_that_no_column_holds_is_refused():
    """As for invoices: before a number is spent."""
    huge = replace(TINY, quantity=Decimal(10) ** 6, unit_price=Decimal(10) ** 6)
    with pytest.raises(OutOfRange, match=r"1000000000000\.00 EUR"):
        credit_note(TENANT, CUSTOMER, CONTRACT, (huge,), DAY)


def test_what_comes_to_nothing_has_no_entry_and_no_leg():
    """0.01 x 0.01 rounds to nothing; beside 1.00 it leaves no leg of its own."""
    nothing = credit_note(TENANT, CUSTOMER, CONTRACT, (TINY,), DAY)
    centre = replace(ARTICLE, cost_centre="100")
    one = replace(TINY, article=centre, quantity=Decimal(1), unit_price=Decimal(1))
    both = credit_note(TENANT, CUSTOMER, CONTRACT, (TINY, one), DAY)

    assert credit_note_entry(TENANT, nothing, document_id=CUSTOMER.id, number="GS-1") is None
    entry = credit_note_entry(TENANT, both, document_id=CUSTOMER.id, number="GS-2")
    assert entry is not None
    assert [(leg.account, leg.side.value, leg.minor) for leg in entry.legs] == [
        ("1400", "C", 119),
        ("4760", "D", 100),
        ("1576", "D", 19),
    ]


def test_a_commission_is_split_over_its_cost_centres():
    """As the contract says, else the article: 1.00 by 60/40; input VAT stands undivided."""
    split = (CostShare("100", None, Decimal(60)), CostShare("200", "P 7", Decimal(40)))
    one = replace(TINY, quantity=Decimal(1), unit_price=Decimal(1))
    draft = credit_note(TENANT, CUSTOMER, replace(CONTRACT, costs=split), (one,), DAY)

    entry = credit_note_entry(TENANT, draft, document_id=CUSTOMER.id, number="GS-3")

    assert entry is not None
    assert [(leg.account, leg.cost_centre, leg.cost_object, leg.minor) for leg in entry.legs] == [
        ("1400", None, None, 119),
        ("4760", "100", None, 60),
        ("4760", "200", "P 7", 40),
        ("1576", None, None, 19),
    ]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (
            {},
            ["customer.taxNumber: the partner who is credited has neither tax number nor VAT id"],
        ),
        ({"tax_number": "41/234/56789"}, []),
        ({"eu_tax_id": "DE136695976"}, []),
    ],
)
def test_either_number_names_the_partner(changes, found):
    """§ 14 (4) no. 2 UStG: the tax number or the VAT id, also where VAT is credited."""
    draft = credit_note(TENANT, replace(PARTNER, **changes), CONTRACT, (TINY,), DAY)
    assert [str(one) for one in missing_fields(TENANT, draft)] == found


def test_nothing_is_billed_again_where_nothing_is_left():
    """F064: no invoice of no lines."""
    view = BillableContract(CONTRACT, CUSTOMER)
    none: tuple[OpenActivity, ...] = ()
    assert billed_again(TENANT, view, (), none) is None
