"""What `faktura verify` says of corrections that take back more than was charged (P18)."""

import pytest
from tests.services.verify.books import kept_books, tampering, violations

from faktura.domain.violations import Proof

# RE-000009 is 250.00 - 50.00 net, 238.00 gross; RK-000001 takes 33.33 % of its first line back.
MORE = "UPDATE line_correction SET net = -25001"
OTHER_SIGN = "UPDATE line_correction SET net = 1"
VAT = (
    "UPDATE document SET snapshot = replace(snapshot, '\"tax\":-1583', '\"tax\":-1584')"
    " WHERE number = 'RK-000001'"
)
STRAY = "DELETE FROM document WHERE number = 'RE-000009'"
FREED = (
    "UPDATE activity SET reversed_by = id"
    " WHERE document_id = (SELECT id FROM document WHERE number = 'RE-000009')"
)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (MORE, "corrections take 25001 of its line 1, which has 25000"),
        (OTHER_SIGN, "corrections take -1 of its line 1, which has 25000"),
        (VAT, "corrections leave 2216 VAT of its S 19 %, not the 2217 of the 11667 that are left"),
        (STRAY, "there is no document"),
        (FREED, "its activity is reversed, but no correction takes all of it back"),
    ],
)
def test_what_is_taken_back_too_much_is_named(database, change: str, said: str):
    """Line by line and rate by rate; each is a violation of its own."""
    tenant = kept_books(database)

    with tampering(database, tenant) as tx:
        tx.connection.exec_driver_sql(change)
        found = [one.problem for one in violations(tx) if one.proof is Proof.DOCUMENTS]

    assert any(said in problem for problem in found), found
