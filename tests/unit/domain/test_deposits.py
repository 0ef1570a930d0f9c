"""Deposits: their drafts, how money for them is split, and what is printed of them (F061, P19)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from tests.unit.domain.builders import (
    COMPANY,
    EXEMPT,
    REDUCED,
    TENANT,
    article,
    buyer_in,
    contract,
    day,
    drafts,
    eur,
    one_off,
    only,
    taxed,
    totals,
    view,
)

from faktura.domain.deposit_facts import (
    CreditPart,
    DeductedDeposit,
    DepositPayment,
    DepositShare,
    Taxed,
    deducted_deposits,
    deducted_facts,
    received_parts,
    shares_of,
)
from faktura.domain.deposit_postings import request_entry
from faktura.domain.deposit_table import Whole, deducted_total, deposit_notes
from faktura.domain.deposits import (
    DepositPosition,
    DepositRequest,
    deposit_draft,
    final_draft,
)
from faktura.kernel.errors import (
    FieldInvalid,
    FieldMissing,
    IntegrityBroken,
    NegativeTotal,
    OutOfRange,
    TransitionRefused,
)
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.rounding import net_within
from faktura.kernel.terms import ContractState, DocumentKind, TaxCase, TaxCategory

FULL = Taxed(TaxCase.STANDARD, TaxCategory.S, Decimal(19), "DE")
LOW = Taxed(TaxCase.REDUCED, TaxCategory.S, Decimal(7), "DE")
HUNDRED = (DepositShare(FULL, 10_000, 1_900),)
SERVICE = Period(day("01.12.2026"), day("02.12.2026"))


def draft(*positions: DepositPosition, frame=None, customer=COMPANY, paid_by=()):
    """A deposit of 1 Nov 2026 for a service of 1 December."""
    request = DepositRequest(positions, day("01.11.2026"), SERVICE, paid_by)
    return deposit_draft(TENANT, frame or contract("01.01.2026"), customer, request)


def net(amount, sold=None, **more: Any):
    return DepositPosition(sold or article(), eur(amount), is_gross=False, **more)


def gross(amount, sold=None, **more: Any):
    return DepositPosition(sold or article(), eur(amount), is_gross=True, **more)


def parts(*payments: DepositPayment, deposit=HUNDRED):
    """(net, VAT) in cents that each payment brought."""
    found = received_parts(deposit, payments)
    return {no: [(one.net, one.tax) for one in shares] for no, shares in found.items()}


def test_a_deposit_shows_net_vat_and_gross():
    """F061: 100.00 + 19.00 = 119.00, on a line of one piece that bills no activity."""
    document = draft(net("100.00", text="Erste Rate"))

    assert (document.kind, totals(document)) == (
        DocumentKind.DEPOSIT,
        ("100.00", "19.00", "119.00"),
    )
    (charge,) = document.charges
    assert (charge.activity_id, charge.item_id, charge.text) == (None, None, "Erste Rate")
    assert document.service == SERVICE


def test_of_a_gross_amount_net_and_vat_are_computed_out():
    """11.90 + 1.07 at two rates; the line says what was asked for."""
    document = draft(gross("11.90", text="Rate"), gross("1.07", taxed(REDUCED, "1.00")))

    assert totals(document) == ("11.00", "1.97", "12.97")
    assert [row.tax.minor for row in document.vat] == [190, 7]
    assert [charge.text for charge in document.charges] == [
        "Rate\n11,90 EUR brutto",
        "1,07 EUR brutto",
    ]


def test_a_deposit_takes_the_vat_of_its_article_and_customer():
    """Exempt at home, reverse charge in Austria: no VAT, gross is net."""
    austrian = buyer_in("AT", vat_id="ATU12345675", is_business=True)

    assert totals(draft(gross("50.00", taxed(EXEMPT, "1.00")))) == ("50.00", "0.00", "50.00")
    assert totals(draft(gross("50.00"), customer=austrian)) == ("50.00", "0.00", "50.00")


def test_a_deposit_is_due_as_the_contract_says_or_at_once_where_it_is_paid():
    """14 days by default; what came as a payment without invoice is not asked for again."""
    part = CreditPart(1, eur("119.00"), day("20.10.2026"), None, "pay:1:1")

    assert draft(net("100.00")).due_on == day("15.11.2026")
    assert draft(gross("119.00"), paid_by=(part,)).due_on == day("01.11.2026")


@pytest.mark.parametrize(
    ("state", "mend"),
    [(ContractState.DRAFT, "Activate"), (ContractState.VOIDED, "another contract")],
)
def test_on_a_draft_or_voided_contract_no_deposit_is_asked_for(state, mend):
    """F005: nothing is billed on it."""
    with pytest.raises(TransitionRefused, match="F005") as refused:
        draft(net("1.00"), frame=contract("01.01.2026", state=state))
    assert mend in refused.value.mend


def test_a_deposit_is_of_more_than_nothing_net_or_gross():
    """No position, nothing, too much, and both kinds at once."""
    with pytest.raises(FieldMissing):
        draft()
    for amount in ("0.00", "-1.00", "1000000000000.00"):
        with pytest.raises(OutOfRange):
            draft(net(amount))
    with pytest.raises(FieldInvalid, match="net and gross"):
        draft(net("1.00"), gross("1.19"))


def test_the_net_within_a_gross_amount_is_rounded_once():
    """0.47 / 1.19 = 0.39496; 119.00 = 100.00; at no rate all of it."""
    assert [
        net_within(eur(amount), Decimal(rate)).minor
        for amount, rate in (("0.47", 19), ("119.00", 19), ("107.00", 7), ("5.00", 0))
    ] == [39, 10_000, 10_000, 500]


def test_parts_of_a_deposit_sum_to_it_and_a_return_takes_back_its_own_part():
    """50.00 is 42.02 + 7.98, 69.00 the rest; the 50.00 go back and come again as they were."""
    assert parts(
        DepositPayment(1, 5_000),
        DepositPayment(2, 6_900),
        DepositPayment(3, -5_000, reverses_no=1),
        DepositPayment(4, 5_000),
    ) == {1: [(4_202, 798)], 2: [(5_798, 1_102)], 3: [(-4_202, -798)], 4: [(4_202, 798)]}


def test_a_part_is_split_over_the_rates_of_the_deposit():
    """100.00 + 19.00 and 50.00 + 3.50; half of it, 86.25, then the rest."""
    deposit = (*HUNDRED, DepositShare(LOW, 5_000, 350))

    assert parts(DepositPayment(1, 8_625), DepositPayment(2, 8_625), deposit=deposit) == {
        1: [(5_000, 950), (2_500, 175)],
        2: [(5_000, 950), (2_500, 175)],
    }


def test_more_money_than_the_deposit_is_over_is_a_contradiction():
    """119.01 of 119.00; less than nothing; anything of a deposit of which nothing is left."""
    for payment in (DepositPayment(1, 11_901), DepositPayment(1, -1)):
        with pytest.raises(IntegrityBroken):
            parts(payment)
    assert parts(DepositPayment(1, 100), DepositPayment(2, -100, 1), deposit=()) == {1: [], 2: []}


def test_the_vat_of_a_rate_is_split_between_its_cases():
    """300.00 at home and 100.00 of another country's same rate share 76.00."""
    abroad = replace(FULL, case=TaxCase.OSS, country="NL")

    shares = shares_of([(FULL, 30_000), (abroad, 10_000)], {(TaxCategory.S, Decimal(19)): 7_600})

    assert [(one.taxed.country, one.net, one.tax) for one in shares] == [
        ("DE", 30_000, 5_700),
        ("NL", 10_000, 1_900),
    ]


def test_a_request_over_nothing_posts_nothing():
    """There is no claim."""
    nothing = replace(draft(net("1.00")), gross=Money(0, "EUR"))

    assert request_entry(TENANT, nothing, document_id=UUID(int=9), number="RE-1") is None


def deducted(number, shares=HUNDRED):
    return DeductedDeposit(UUID(int=1), number, day("01.11.2026"), day("05.11.2026"), shares)


def service(price):
    """An invoice of one service at that price, of 1 December."""
    sold = article(price, recurring=False)
    frame = contract("01.01.2026")
    waiting = one_off("29.11.2026", sold, invoice_on=day("01.12.2026"))
    return only(drafts(view(frame, activities=(waiting,)), "01.12.2026"))


def test_a_final_invoice_names_its_deposits_and_keeps_the_whole_vat():
    """BG-3: the deposit with its date; 1000.00 + 190.00 stay as they are."""
    final = final_draft(service("1000.00"), [deducted("RE-1")])

    assert (final.kind, totals(final)) == (DocumentKind.FINAL, ("1000.00", "190.00", "1190.00"))
    assert [(one.number, one.why.value, one.issued_on) for one in final.originals] == [
        ("RE-1", "DEDUCTS", day("01.11.2026"))
    ]


def test_a_final_invoice_is_never_below_nothing():
    """119.00 of 118.99 are refused, of 119.00 they leave nothing."""
    assert final_draft(service("100.00"), [deducted("RE-1")]).gross == eur("119.00")
    with pytest.raises(NegativeTotal, match="F061"):
        final_draft(service("99.99"), [deducted("RE-1")])


def test_deducted_deposits_are_frozen_and_read_back():
    """What the snapshot says is what was deducted, years later."""
    deposit = deducted("RE-1", (*HUNDRED, DepositShare(LOW, 5_000, 350)))
    facts = deducted_facts(deposit)

    assert (facts["net"], facts["gross"], facts["receivedOn"]) == (15_000, 17_250, "2026-11-05")
    assert deducted_deposits({"deposits": [facts]}) == (deposit,)
    assert deducted_deposits({}) == ()
    assert deducted_total({"deposits": [facts]}, "EUR") == eur("172.50")


def test_the_deposits_are_printed_with_date_net_vat_and_gross_and_the_rest():
    """F061: 1000.00 + 190.00 less 100.00 + 19.00 and 50.00 + 3.50: 850.00 + 167.50 = 1017.50."""
    both = deducted("RE-1", (*HUNDRED, DepositShare(LOW, 5_000, 350)))
    snapshot = {"deposits": [deducted_facts(both)]}
    whole = Whole(eur("1000.00"), eur("190.00"))

    assert deposit_notes(snapshot, whole, "de") == (
        (
            "abzüglich Anzahlung RE-1 vom 01.11.2026, erhalten am 05.11.2026:"
            " netto 100,00, USt 19 % 19,00, netto 50,00, USt 7 % 3,50, brutto 172,50"
        ),
        "verbleiben: netto 850,00, USt 167,50, brutto 1.017,50",
    )
    assert deposit_notes(snapshot, whole, "en") == (
        (
            "less deposit RE-1 of 1 Nov 2026, received on 5 Nov 2026:"
            " net 100.00, VAT 19 % 19.00, net 50.00, VAT 7 % 3.50, gross 172.50"
        ),
        "remaining: net 850.00, VAT 167.50, gross 1,017.50",
    )
    assert deposit_notes({}, whole, "de") == ()
