"""Mandates of ours by which the bank collected: used since then, and their changes are told (F104)."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from faktura.domain.attempts import Attempt
from faktura.domain.mandates import MandateAmendment
from faktura.domain.payment_means import PaymentMeans
from faktura.store.debit_files import files_numbered
from faktura.store.payment_means import mark_collected, means_of_customers, rewrite_means
from faktura.store.transaction import Tx


def note_collected(tx: Tx, attempts: Collection[Attempt], on: date) -> None:
    """Our bank credited these debits on that day; the caller holds their customers' locks.

    It knows the account that stood in the file: one that the mandate moved to since is told next.
    """
    mark_collected(tx, [one.means_id for one in attempts if one.means_id is not None], on)
    known = _accounts(tx, attempts)
    debited = {one.means_id: known[one.id] for one in attempts if one.id in known}
    customers = {one.customer_id for one in attempts}
    means = [one for many in means_of_customers(tx, customers).values() for one in many]
    after = [(one, _known(one, debited[one.id])) for one in means if one.id in debited]
    rewrite_means(tx, [now for before, now in after if now != before])


def _accounts(tx: Tx, attempts: Collection[Attempt]) -> Mapping[UUID, str]:
    """The accounts that were debited, by attempt."""
    numbers = [(one.instance, one.file_no) for one in attempts if one.file_no is not None]
    return {
        attempt: iban
        for file in files_numbered(tx, numbers)
        for attempt, iban in file.accounts.items()
    }


def _known(means: PaymentMeans, iban: str) -> PaymentMeans:
    mandate = means.mandate
    if mandate is None:
        return means
    moved = None if mandate.iban == iban else MandateAmendment(iban)
    return replace(means, details=replace(means.details, mandate=replace(mandate, amendment=moved)))
