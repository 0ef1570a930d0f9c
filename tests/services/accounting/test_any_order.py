"""Invariants 9 and 15: in whatever order money is heard of, the books end up the same."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.services.accounting.money import MoneyScene
from tests.services.bank.statement_files import returned, statement

from faktura.domain.violations import Proof
from faktura.kernel.errors import FakturaError
from faktura.store.database import Database
from faktura.store.trial_balances import account_balances

# Debits less credits: 119.00 + 59.50 are invoiced with 28.50 of VAT. 119.00 are paid and returned
# with a fee of 3.50; 20.00 are paid, 30.00 written off (25.21 + 4.79 of VAT); 10.00 came without
# invoice and were paid out again. So the first invoice is owed as before, of the second 9.50.
AFTERWARDS = {
    "1400": "128.50", "8400": "-150.00", "1776": "-23.71", "2406": "25.21", "1200": "16.50",
    "4970": "3.50",
}  # fmt: skip


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> MoneyScene:
    """Three invoices that nobody touches."""
    return MoneyScene(database, tmp_path / "content")


def balances(scene: MoneyScene) -> dict[str, int]:
    """Debits less credits of every account."""
    with scene.database.read(scene.tenant.id) as tx:
        return {row.account: row.balance.minor for row in account_balances(tx)}


def events(scene: MoneyScene, no: int) -> dict[str, Callable[[], object]]:
    """What is heard of two new invoices; the bank says first that the debit came back."""
    first, second = (scene.final_over(net).number for net in ("100.00", "50.00"))
    back = returned("-122.50", f"E {no}", original="119.00", end_to_end_id=f"E-{no}")
    scene.upload(statement(back), name=f"{no}.txt")
    return {
        "payment": lambda: scene.record(first, "119.00", reference=f"P-{no}"),
        "return": lambda: scene.assign(first),
        "part": lambda: scene.record(second, "20.00", reference=f"T-{no}"),
        "write-off": lambda: scene.write_off(second, amount="30.00"),
        "credit": lambda: scene.credit("K-1", "10.00", reference=f"C-{no}"),
        "refund": lambda: scene.refund("K-1", "10.00", reference=f"R-{no}"),
    }


def test_any_order_ends_in_the_same_balances(scene: MoneyScene):
    """What is refused because something else is not known yet waits and is tried again."""
    numbers = count(1)

    @settings(max_examples=max(6, settings().max_examples // 8), deadline=None)
    @given(st.permutations(["payment", "return", "part", "write-off", "credit", "refund"]))
    def holds(order: list[str]) -> None:
        before = balances(scene)
        acts, waiting = events(scene, next(numbers)), list(order)
        for _ in range(2 * len(order)):
            if not waiting:
                break
            name = waiting.pop(0)
            try:
                acts[name]()
            except FakturaError:
                waiting.append(name)
        assert waiting == []
        after = balances(scene)
        changed = {
            account: f"{(minor - before.get(account, 0)) / 100:.2f}"
            for account, minor in after.items()
            if minor != before.get(account, 0)
        }
        assert changed == AFTERWARDS

    holds()
    assert scene.violations(Proof.LEDGER, Proof.ACCOUNTS) == []
