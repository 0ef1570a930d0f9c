"""Credits of our bank that pay a whole file of debits, or a block of it (P41, decision 0023)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from faktura.domain.attempts import Attempt, moves
from faktura.domain.collective_credits import Naming, decide_collective
from faktura.domain.debit_files import KeptFile, message_ids_in
from faktura.domain.matches import Outcome
from faktura.domain.movements import Movement
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptState, FileState
from faktura.services.debits_at_bank import CreditedDebit, DebitDesk
from faktura.services.ledger import Source
from faktura.store.debit_files import files_of
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class NamedFiles:
    """The files that movements name, by message id."""

    files: Mapping[str, KeptFile]

    @classmethod
    def of(cls, tx: Tx, movements: Iterable[Movement]) -> Self:
        """Those of credits; what names a file of somebody else is absent."""
        ids = frozenset[str]().union(*(_ids(one) for one in movements))
        return cls(files_of(tx, ids) if ids else {})

    @property
    def end_to_end_ids(self) -> list[str]:
        """Those of all their debits."""
        return [attempt.hex for file in self.files.values() for attempt in file.attempts]

    def credited(
        self, debits: DebitDesk, source: Source, movement: Movement
    ) -> CreditedDebit | None:
        """Let a credit pay what it names, exact to the cent or not at all; None where it names none."""
        named = [self.files[one] for one in sorted(_ids(movement)) if one in self.files]
        if not named:
            return None
        attempts = {one.id: one for one in debits.attempts.values()}
        naming = Naming(movement.batch_payment_id, movement.searched_text)
        decisions = [
            decide_collective(naming, movement.amount, file, _awaited(file, attempts))
            for file in named
        ]
        full = [one for one in decisions if one.outcome is Outcome.FULL]
        if len(full) == 1:
            return debits.settled(source, full[0].documents, (full[0].rule, full[0].reason))
        reason = "; ".join(one.reason for one in decisions)
        return CreditedDebit(Outcome.OPEN, decisions[0].rule, reason)


def _ids(movement: Movement) -> frozenset[str]:
    if movement.amount.minor <= 0:
        return frozenset()
    written = "\n".join((movement.batch_payment_id or "", movement.searched_text))
    stated = {movement.batch_message_id} if movement.batch_message_id else set[str]()
    return message_ids_in(written) | stated


def _awaited(
    file: KeptFile, attempts: Mapping[UUID, Attempt]
) -> tuple[Mapping[UUID, Money], Mapping[UUID, Money]]:
    """What may come for a file: for what nobody returned, or for all that is not credited yet.

    A bank may credit a block whole and take a returned debit off by itself, before or after.
    """
    debits = [attempts[one] for one in file.attempts if one in attempts]
    pending = {one.id: one.amount for one in debits if _is_pending(one, file)}
    unpaid = {one.id: one.amount for one in debits if moves(one.state, AttemptState.SUCCEEDED)}
    return pending, unpaid


def _is_pending(one: Attempt, file: KeptFile) -> bool:
    if file.state is FileState.CANCELLED:
        # It was handed in all the same: what its cancelling freed is collected.
        return one.state is AttemptState.CANCELLED
    return one.is_live
