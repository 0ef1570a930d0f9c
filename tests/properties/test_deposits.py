"""Laws of deposits: whatever comes and goes, their VAT is due exactly once (F061)."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from faktura.domain.deposit_facts import (
    DepositPayment,
    DepositShare,
    Taxed,
    received_parts,
)
from faktura.kernel.money import Money
from faktura.kernel.rounding import net_within
from faktura.kernel.terms import TaxCase, TaxCategory

FULL = Taxed(TaxCase.STANDARD, TaxCategory.S, Decimal(19), "DE")
LOW = Taxed(TaxCase.REDUCED, TaxCategory.S, Decimal(7), "DE")


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.data())
def test_payments_and_returns_end_at_the_vat_of_the_deposit(full, low, data):
    """Parts of any size, some of them returned in any order, then the rest: all of it, no more."""
    deposit = [DepositShare(FULL, full, full * 19 // 100)]
    if low:
        deposit.append(DepositShare(LOW, low, low * 7 // 100))
    whole = sum(share.gross for share in deposit)
    payments: list[DepositPayment] = []
    live: dict[int, int] = {}
    for no in range(1, data.draw(st.integers(1, 8)) + 1):
        left = whole - sum(live.values())
        if live and (not left or data.draw(st.booleans())):
            undone = data.draw(st.sampled_from(sorted(live)))
            payments.append(DepositPayment(no, -live.pop(undone), undone))
        else:
            live[no] = data.draw(st.integers(1, left))
            payments.append(DepositPayment(no, live[no]))
    rest = whole - sum(live.values())
    if rest:
        payments.append(DepositPayment(len(payments) + 1, rest))

    parts = received_parts(tuple(deposit), payments)

    for payment in payments:
        assert sum(share.gross for share in parts[payment.no]) == payment.amount
    sums: dict[Taxed, tuple[int, int]] = {}
    for share in (share for shares in parts.values() for share in shares):
        net, tax = sums.get(share.taxed, (0, 0))
        sums[share.taxed] = net + share.net, tax + share.tax
    assert sums == {share.taxed: (share.net, share.tax) for share in deposit}


@given(st.integers(0, 10**12), st.integers(0, 100))
def test_the_net_within_a_gross_amount_is_the_nearest(gross, rate):
    """|net x (100 + rate) - gross x 100| <= (100 + rate) / 2."""
    net = net_within(Money(gross, "EUR"), Decimal(rate)).minor

    assert 2 * abs(net * (100 + rate) - gross * 100) <= 100 + rate
