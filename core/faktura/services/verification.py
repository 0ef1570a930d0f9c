"""`faktura verify`: the proofs over a tenant's facts, each naming every place where it fails."""

from collections.abc import Callable, Iterator, Mapping

from faktura.domain.violations import Proof, Violation
from faktura.kernel.errors import FakturaError, shortened
from faktura.services.proof_of_accounts import accounts_add_up, ledger_balances
from faktura.services.proof_of_documents import SENSELESS, documents_add_up, numbers_have_no_gap
from faktura.services.proof_of_dunning import dunning_holds
from faktura.services.proof_of_locks import locks_hold
from faktura.services.proof_of_matches import matches_are_proved
from faktura.services.proof_of_payments import payments_are_booked
from faktura.services.proof_of_periods import periods_are_continuous, projections_are_true
from faktura.services.proof_of_seals import seals_hold
from faktura.store.transaction import Tx

# CONTENTS is proved by the flow: bytes lie outside the database.
PROOFS: Mapping[Proof, Callable[[Tx], Iterator[Violation]]] = {
    Proof.SEALS: seals_hold,
    Proof.LEDGER: ledger_balances,
    Proof.LOCKS: locks_hold,
    Proof.ACCOUNTS: accounts_add_up,
    Proof.DOCUMENTS: documents_add_up,
    Proof.NUMBERS: numbers_have_no_gap,
    Proof.PERIODS: periods_are_continuous,
    Proof.PROJECTIONS: projections_are_true,
    Proof.PAYMENTS: payments_are_booked,
    Proof.MATCHES: matches_are_proved,
    Proof.DUNNING: dunning_holds,
}


def prove(tx: Tx, proof: Proof) -> Iterator[Violation]:
    """Every violation of one proof; one that cannot be finished is a violation itself."""
    try:
        yield from PROOFS[proof](tx)
    except SENSELESS as error:
        place = error.place if isinstance(error, FakturaError) and error.place else "a row"
        problem = error.problem if isinstance(error, FakturaError) else repr(error)
        yield Violation(proof, place, f"the proof broke off: {shortened(problem)}")
