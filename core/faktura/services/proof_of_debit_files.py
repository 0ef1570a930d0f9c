"""Proof of the files of debits: each holds its account's attempts, and its total is theirs (F101)."""

from collections.abc import Iterator

from faktura.domain.violations import Proof, Violation
from faktura.kernel.money import Money
from faktura.store.debit_file_proofs import ProvedFile, attempts_without_file, files_with_attempts
from faktura.store.debit_files import read_file
from faktura.store.transaction import Tx


def files_hold_their_debits(tx: Tx) -> Iterator[Violation]:
    """What a file says of itself is what its attempts say."""
    for found in files_with_attempts(tx):
        place = f"debit_file {found.instance} {found.no}"
        for problem in _problems(tx, found):
            yield Violation(Proof.PAYMENTS, place, problem)
    for own, number, instance, no in attempts_without_file(tx):
        yield Violation(
            Proof.PAYMENTS,
            f"payment_attempt {own} of document {number}",
            f"{instance} has no file {no}",
        )


def _problems(tx: Tx, found: ProvedFile) -> Iterator[str]:
    kept = read_file(tx, found.instance, found.no)
    inside = {own for own, _ in found.attempts}
    if found.items != len(inside) or set(kept.attempts) != inside:
        yield (
            f"it says {found.items} debits and names {len(kept.attempts)}, and"
            f" {len(inside)} attempts say that they are in it"
        )
    total = sum(minor for _, minor in found.attempts)
    if total != found.total:
        currency = kept.total.currency
        yield f"its total is {kept.total}, its attempts come to {Money(total, currency)}"
