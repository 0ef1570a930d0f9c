"""Files of collective debits: claimed by attempts, handed in, cancelled (F101, P42, decision 0023).

A debit is in at most one file, and a file is known only once its bytes are durable.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from faktura.domain.attempts import Attempt
from faktura.domain.debit_files import KeptFile
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import FieldInvalid, TransitionRefused
from faktura.kernel.payment_terms import AttemptState, FileState
from faktura.services.debit_items import LeftOut, WaitingDebit
from faktura.services.sending_attempts import cancelled
from faktura.store.attempts import lock_attempts, rewrite_attempts
from faktura.store.collectable import states_of
from faktura.store.customers import lock_customers
from faktura.store.debit_files import (
    attempts_in,
    change_file,
    next_file_no,
    read_file,
    write_file,
)
from faktura.store.payment_accounts import lock_account
from faktura.store.payment_means import means_of_customers
from faktura.store.tasks import ask_once, finish_open
from faktura.store.transaction import Tx

_FREED = "its file of debits was cancelled"


@dataclass(frozen=True, slots=True)
class FileView:
    """A file with its debits in the order of the file, and their documents' numbers.

    `changed` are documents that do not owe what the file collects any more.
    """

    file: KeptFile
    debits: tuple[tuple[Attempt, str], ...]
    changed: tuple[str, ...]
    is_late: bool


def claim(tx: Tx, file: KeptFile, held: Mapping[UUID, WaitingDebit]) -> bool:
    """Record a file whose bytes are durable, and put its debits into it.

    False, and nothing is written, where a debit, its document, its mandate or the next number is
    another one than when the file was made.
    """
    if not _lock_unchanged(tx, held.values()):
        return False
    lock_account(tx, file.instance)
    if next_file_no(tx, file.instance) != file.no:
        return False
    write_file(tx, file)
    waiting = [held[one].attempt for one in file.attempts]
    rewrite_attempts(tx, [replace(one, file_no=file.no) for one in waiting])
    for one in waiting:
        finish_open(tx, TaskKind.PAYMENT_REJECTED, _subject(one))
    return True


def _lock_unchanged(tx: Tx, held: Collection[WaitingDebit]) -> bool:
    customers = {one.attempt.customer_id for one in held}
    lock_customers(tx, sorted(customers))
    locked = lock_attempts(tx, [one.attempt.id for one in held])
    states = states_of(tx, {one.document_id for one in locked.values()})
    means = {one.id: one for many in means_of_customers(tx, customers).values() for one in many}
    return all(
        locked[one.attempt.id] == one.attempt
        and states[one.attempt.document_id].open == one.open
        and one.means is not None
        and means.get(one.means.id) == one.means
        for one in held
    )


def note_left_out(tx: Tx, spoilt: Collection[LeftOut], over: Collection[LeftOut]) -> None:
    """Ask a person, once, about each spoilt debit; give up those that are over.

    What changed since it was looked at is left to the next look.
    """
    concerned = [one.waiting for one in (*spoilt, *over)]
    lock_customers(tx, sorted({one.attempt.customer_id for one in concerned}))
    locked = lock_attempts(tx, [one.attempt.id for one in concerned])
    now = tx.now()
    ended = []
    for one in over:
        if locked[one.waiting.attempt.id] == one.waiting.attempt:
            ended.append(
                _freed(one.waiting.attempt, cancelled(one.waiting.attempt, now, one.reason))
            )
            finish_open(tx, TaskKind.PAYMENT_REJECTED, _subject(one.waiting.attempt))
    rewrite_attempts(tx, ended)
    for one in spoilt:
        attempt = one.waiting.attempt
        problem = (
            f"The debit of {attempt.amount} for {one.waiting.number} is in no file of"
            f" {attempt.instance}: {one.reason}. It waits until that is mended."
        )
        ask_once(tx, TaskKind.PAYMENT_REJECTED, _subject(attempt), problem)


def show_file(tx: Tx, instance: str, no: int) -> FileView:
    """The file of that number with its debits; raises NotFound."""
    return _view(tx, read_file(tx, instance, no))


def _view(tx: Tx, file: KeptFile) -> FileView:
    found = {one.id: (one, number) for one, number in attempts_in(tx, file.instance, file.no)}
    debits = tuple(found[one] for one in file.attempts)
    states = states_of(tx, {one.document_id for one, _ in debits})
    changed = tuple(
        number
        for one, number in debits
        if one.is_live and states[one.document_id].open != one.amount
    )
    return FileView(file, debits, changed, file.is_late(tx.now()))


def hand_in(tx: Tx, instance: str, no: int) -> FileView:
    """Note that the bank has the file; the second time changes nothing.

    Raises NotFound, and TransitionRefused for a cancelled one: its debits may be in another file.
    """
    file = read_file(tx, instance, no, lock=True)
    if file.state is FileState.CANCELLED:
        raise TransitionRefused(
            f"file {no} of {instance} is cancelled: its debits are free, or in another file",
            place="fileNumber",
            mend="Do not give it to the bank; if the bank has it, have the bank cancel it",
        )
    if file.state is FileState.MADE:
        file = replace(file, state=FileState.HANDED_IN, handed_in_at=tx.now())
        change_file(tx, file)
    return _view(tx, file)


@dataclass(frozen=True, slots=True)
class Cancelling:
    """Why a file is cancelled; `bank_refused` says that the bank has it and collects nothing of it.

    With `numbers` only the debits of these documents were refused: the file itself stays.
    """

    reason: str
    bank_refused: bool = False
    numbers: tuple[str, ...] = ()


def cancel_file(tx: Tx, instance: str, no: int, given: Cancelling) -> FileView:
    """Free a file's debits: their documents are collected again by the next run.

    Raises NotFound, FieldInvalid for a document that it does not collect, and TransitionRefused
    where the bank may collect it, or has collected of it.
    """
    seen = attempts_in(tx, instance, read_file(tx, instance, no).no)
    lock_customers(tx, sorted({one.customer_id for one, _ in seen}))
    locked = lock_attempts(tx, [one.id for one, _ in seen])
    file = read_file(tx, instance, no, lock=True)
    if file.state is FileState.CANCELLED:
        return _view(tx, file)
    _check_refused(file, given)
    chosen = _chosen(locked, seen, given)
    _check_not_collected(file, chosen)
    now = tx.now()
    why = f"{_FREED}: {given.reason}"
    freed = [_freed(one, cancelled(one, now, why)) for one, _ in chosen if one.is_live]
    rewrite_attempts(tx, freed)
    if not given.numbers:
        file = replace(file, state=FileState.CANCELLED, cancelled_at=now, reason=given.reason)
        change_file(tx, file)
    return _view(tx, file)


def _check_refused(file: KeptFile, given: Cancelling) -> None:
    if file.state is FileState.HANDED_IN and not given.bank_refused:
        raise TransitionRefused(
            f"file {file.no} of {file.instance} was handed in: the bank collects it",
            place="fileNumber",
            mend="Say so where the bank refused it (--bank-refused, bankRefused)",
        )
    if given.numbers and file.state is not FileState.HANDED_IN:
        raise TransitionRefused(
            f"file {file.no} of {file.instance} was not handed in: it is made again as a whole",
            place="fileNumber",
            mend="Cancel the whole file; the next one has what is open then",
        )


def _chosen(
    locked: Mapping[UUID, Attempt], seen: Sequence[tuple[Attempt, str]], given: Cancelling
) -> list[tuple[Attempt, str]]:
    numbers = {number for _, number in seen}
    unknown = sorted(set(given.numbers) - numbers)
    if unknown:
        raise FieldInvalid(f"the file collects nothing of {unknown[0]}", place="invoices")
    return [
        (locked[one.id], number)
        for one, number in seen
        if not given.numbers or number in given.numbers
    ]


def _check_not_collected(file: KeptFile, chosen: Sequence[tuple[Attempt, str]]) -> None:
    collected = [
        number
        for one, number in chosen
        if one.state in (AttemptState.SUCCEEDED, AttemptState.CHARGED_BACK)
    ]
    if collected:
        raise TransitionRefused(
            f"the bank credited {len(collected)} debits of file {file.no}, that of {collected[0]}"
            " among them",
            place="fileNumber",
            mend="What it did not collect comes back by statements, or name the documents that it"
            " refused",
        )


def _freed(before: Attempt, ended: Attempt) -> Attempt:
    # Nobody was asked for the money: it is no try that the schemes' limits count.
    return replace(ended, first_sent_at=None, file_no=before.file_no)


def _subject(one: Attempt) -> str:
    return f"debit:{one.id.hex}"
