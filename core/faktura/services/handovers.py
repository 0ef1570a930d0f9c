"""Handing the files of a batch over: what is written down before and after each call.

A file is SENDING before it is sent. Whoever finds it so later asks the other side for it before
sending it again: a lost answer makes no second transfer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from faktura.domain.jobs import JobName
from faktura.kernel.accounting_terms import BatchState
from faktura.kernel.errors import Conflict, TransitionRefused
from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.plugin import Transfer, TransferState
from faktura.services.export_batches import free_file
from faktura.store.export_transfers import (
    Handover,
    StoredTransfer,
    delete_transfers,
    read_transfers,
    write_transfer,
)
from faktura.store.exports import StoredBatch, lock_batch, set_state
from faktura.store.jobs import enqueue
from faktura.store.transaction import Tx

# How long an answer may take until the other side is asked. Longer than a sender can be on the
# way: another one's refresh, an upload, a refresh after a 401, the upload again.
_SETTLES = timedelta(minutes=5)
# After a day without a result a person looks; nobody polls for ever.
_LONGEST_WAIT = timedelta(days=1)
_UNANSWERED = "no result within a day; ask again: faktura accounting transfers --check"
_OVER = frozenset({Handover.ACCEPTED, Handover.FAILED})
_STATES = {
    TransferState.PENDING: Handover.PENDING,
    TransferState.ACCEPTED: Handover.ACCEPTED,
    TransferState.FAILED: Handover.FAILED,
}


@dataclass(frozen=True, slots=True)
class Send:
    """The caller sends the file under this transfer's reference."""

    transfer: StoredTransfer


@dataclass(frozen=True, slots=True)
class Find:
    """The caller asks for the file by its reference; where there is none, it sends it again."""

    transfer: StoredTransfer


@dataclass(frozen=True, slots=True)
class Known:
    """The file was handed over, or refused, before."""


Step: TypeAlias = Send | Find | Known


def open_handover(tx: Tx, target: str, number: int) -> StoredBatch:
    """The batch whose files are to be handed over; raises NotFound.

    Raises Conflict for one that was accepted (again only on purpose), TransitionRefused for one
    whose entries are free.
    """
    batch = lock_batch(tx, target, number)
    place = f"batch {number} for {target}"
    if batch.state is BatchState.ACCEPTED:
        raise Conflict(
            "it was handed over already",
            place=place,
            mend=f"Hand it over once more on purpose: faktura accounting send {target}"
            f" --again {number}",
        )
    if batch.state in (BatchState.FAILED, BatchState.VOIDED):
        raise TransitionRefused(
            f"it is {batch.state}: its entries are free",
            place=place,
            mend=f"Send them with a new batch: faktura accounting send {target} --from … --to …",
        )
    return batch


def repeat_handover(tx: Tx, target: str, number: int) -> None:
    """Have an accepted batch handed over once more; raises NotFound, TransitionRefused."""
    batch = lock_batch(tx, target, number)
    if batch.state is not BatchState.ACCEPTED:
        raise TransitionRefused(
            f"it is {batch.state}, and only what was accepted is handed over once more",
            place=f"batch {number} for {target}",
            mend="faktura accounting transfers shows where it stands",
        )
    delete_transfers(tx, target, number)
    for file in range(len(batch.files)):
        reference = f"again {_reference(tx, target, number, file)}"
        write_transfer(tx, StoredTransfer(target, number, file, reference, Handover.SENDING))
    set_state(tx, target, number, BatchState.SENT)


def next_step(tx: Tx, target: str, number: int, file: int) -> Step:
    """What to do with a file of a batch; committed before it is done.

    Raises OutsideUnavailable while another one's answer may still come.
    """
    lock_batch(tx, target, number)
    known = _of_file(read_transfers(tx, target, number), file)
    now = tx.now()
    if known is None:
        reference = _reference(tx, target, number, file)
        fresh = StoredTransfer(target, number, file, reference, Handover.SENDING, sent_at=now)
        write_transfer(tx, fresh)
        set_state(tx, target, number, BatchState.SENT)
        return Send(fresh)
    if known.state is not Handover.SENDING:
        return Known()
    begun = replace(known, sent_at=now)
    if known.sent_at is None:
        write_transfer(tx, begun)
        return Send(begun)
    if now - known.sent_at < _SETTLES:
        raise OutsideUnavailable(
            "the answer to it may still be on its way",
            place=f"file {file + 1} of batch {number} for {target}",
            mend="Try again in five minutes",
            retry_after=round(_SETTLES.total_seconds()),
        )
    write_transfer(tx, begun)
    return Find(begun)


def take_back(tx: Tx, transfer: StoredTransfer) -> None:
    """The file was surely not handed over: the next try sends it at once."""
    lock_batch(tx, transfer.target, transfer.batch)
    write_transfer(tx, replace(transfer, sent_at=None))


def keep_answer(tx: Tx, transfer: StoredTransfer, answer: Transfer) -> None:
    """Keep what the other side says about a file, and when to ask next.

    Without effect where somebody else learned the end of it meanwhile, or the file goes out once
    more.
    """
    target, number = transfer.target, transfer.batch
    lock_batch(tx, target, number)
    known = _of_file(read_transfers(tx, target, number), transfer.file)
    if known is None or known.reference != transfer.reference or known.state in _OVER:
        return
    write_transfer(tx, _answered(transfer, answer, tx.now()))
    if transfer.state is Handover.SENDING:
        # Somebody asks even if the sender dies before the next file.
        _plan_question(tx, target, number, read_transfers(tx, target, number))


def _answered(transfer: StoredTransfer, answer: Transfer, now: datetime) -> StoredTransfer:
    """The transfer with what was learned of it.

    The pauses grow with the time that has passed: there are few questions for each file.
    """
    since = transfer.sent_at or now
    asked_before = transfer.state is Handover.PENDING
    check_after = answer.check_after or now
    if asked_before:
        check_after = max(check_after, now + (now - since))
    kept = replace(
        transfer,
        state=_STATES[answer.state],
        job=answer.job,
        message=answer.message,
        checked_at=now if asked_before else None,
        check_after=check_after,
    )
    if kept.state in _OVER:
        return replace(kept, check_after=None)
    if now - since > _LONGEST_WAIT:
        return replace(kept, check_after=None, message=_UNANSWERED)
    return kept


def refuse_rest(tx: Tx, target: str, number: int, file: int | None, reason: str) -> None:
    """File `file` was refused, or with None a document before all files: no further one is sent."""
    batch = lock_batch(tx, target, number)
    known = read_transfers(tx, target, number)
    for place in range(len(batch.files)):
        before = _of_file(known, place)
        if before is not None and before.state is not Handover.SENDING:
            continue
        reference = before.reference if before else _reference(tx, target, number, place)
        of_itself = file in (None, place)
        message = reason if of_itself else "not sent: another file of the batch was refused"
        write_transfer(
            tx,
            StoredTransfer(
                target,
                number,
                place,
                reference,
                Handover.FAILED,
                message=message,
                sent_at=before.sent_at if before else None,
            ),
        )


def settle(tx: Tx, target: str, number: int) -> BatchState:
    """Draw the conclusion from what became of the files, and plan the next question.

    The entries of a file that failed can go out again; those of a repeated transfer are there.
    """
    batch = lock_batch(tx, target, number)
    transfers = read_transfers(tx, target, number)
    if batch.state is not BatchState.SENT and batch.state is not BatchState.MADE:
        return batch.state
    if len(transfers) < len(batch.files) or any(one.state not in _OVER for one in transfers):
        _plan_question(tx, target, number, transfers)
        return batch.state
    failed = [one for one in transfers if one.state is Handover.FAILED]
    repeated = any(one.is_repeat for one in transfers)
    state = BatchState.FAILED if failed and not repeated else BatchState.ACCEPTED
    if state is BatchState.FAILED:
        for one in failed:
            free_file(tx, batch, batch.files[one.file])
    set_state(tx, target, number, state)
    return state


def due_questions(
    tx: Tx, target: str, number: int, *, now: datetime | None
) -> list[StoredTransfer]:
    """Transfers to ask for: those whose pause is over at `now`, or all unanswered ones with None."""
    return [
        one
        for one in read_transfers(tx, target, number)
        if one.state is Handover.PENDING
        and (now is None or (one.check_after is not None and one.check_after <= now))
    ]


def _plan_question(tx: Tx, target: str, number: int, transfers: Sequence[StoredTransfer]) -> None:
    pauses = [
        one.check_after
        for one in transfers
        if one.state is Handover.PENDING and one.check_after is not None
    ]
    if not pauses:
        return
    first = min(pauses)
    enqueue(
        tx,
        JobName.CHECK_TRANSFERS,
        {"target": target, "batch": number},
        key=f"check:{target}:{number}:{first.isoformat()}",
        run_at=first,
        lock=lock_name(target, number),
    )


def lock_name(target: str, number: int) -> str:
    """The lock under which jobs of a batch run one after the other."""
    return f"handover:{target}:{number}"


def _of_file(transfers: Sequence[StoredTransfer], file: int) -> StoredTransfer | None:
    return next((one for one in transfers if one.file == file), None)


def _reference(tx: Tx, target: str, number: int, file: int) -> str:
    return f"faktura {target} {number}-{file + 1} {tx.new_id().hex}"
