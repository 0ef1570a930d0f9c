"""Files of debits for the bank: sort, ask the adapter, write, keep the bytes, then record the file.

Nothing is promised before its bytes are durable. What changes between the look and the record is
looked at again; a file that could not be recorded was never handed to anybody.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from faktura.domain.collection_dates import DebitRule
from faktura.domain.debit_files import DebitBlock, KeptFile, cut, message_id_of
from faktura.domain.payment_accounts import PaymentAccount
from faktura.domain.tenants import Tenant
from faktura.hub.adapters import Adapters
from faktura.kernel.clock import local_date
from faktura.kernel.errors import Conflict, FieldInvalid, TransitionRefused
from faktura.kernel.money import Money, total
from faktura.kernel.payment_terms import MandateScheme, ProviderState
from faktura.plugin import DebitFile, DebitFiling, WrittenFile
from faktura.services.debit_files import claim, note_left_out
from faktura.services.debit_items import (
    LeftOut,
    Ready,
    Sorted,
    Terms,
    WaitingDebit,
    read_waiting,
    sort_debits,
)
from faktura.store.blobs import ContentStore
from faktura.store.database import Database
from faktura.store.debit_files import next_file_no
from faktura.store.payment_accounts import account_of, list_accounts
from faktura.store.transaction import Tx

# How often somebody else may be faster before we give up.
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Filing:
    """An account whose debits go to a bank as files, and what its bank asks of them."""

    account: PaymentAccount
    adapter: DebitFiling
    rules: dict[MandateScheme, DebitRule]


@dataclass(frozen=True, slots=True)
class DebitPlan:
    """What files of an account would hold now, a tuple of debits each, and what they leave out."""

    instance: str
    files: tuple[tuple[Ready, ...], ...]
    sorted: Sorted


@dataclass(slots=True)
class Made:
    """What was made of an account's waiting debits; `late` are documents that come later than wished.

    `later`, `spoilt` and `over` are as in `Sorted`.
    """

    instance: str
    files: list[KeptFile] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    later: list[LeftOut] = field(default_factory=list)
    spoilt: list[LeftOut] = field(default_factory=list)
    over: list[LeftOut] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Debits:
    """A tenant's accounts that write files, and where the files' bytes are kept."""

    database: Database
    contents: ContentStore
    adapters: Adapters
    tenant: Tenant

    def filings(self, instance: str | None = None) -> list[Filing]:
        """The active accounts that write files, or the named one.

        Raises NotFound, FieldInvalid for one whose debits do not go out as files, and
        TransitionRefused for one that does not collect now.
        """
        with self.database.read(self.tenant.id) as tx:
            accounts = list_accounts(tx) if instance is None else [account_of(tx, instance)]
        if instance is not None:
            _check_active(accounts[0])
        active = [one for one in accounts if one.state is ProviderState.ACTIVE]
        found = [one for account in active if (one := self._filing(account)) is not None]
        if instance is not None and not found:
            raise FieldInvalid(
                f"the debits of {instance} do not go to a bank as files",
                place="instance",
                mend="faktura payments accounts list shows the accounts",
            )
        return found

    def _filing(self, account: PaymentAccount) -> Filing | None:
        adapter = self.adapters.payment(self.tenant.id, account.provider, account.instance)
        if not isinstance(adapter, DebitFiling):
            return None
        rules = {}
        for scheme in MandateScheme:
            timing = adapter.timing(scheme)
            rules[scheme] = DebitRule(
                timing.lead_days, timing.cut_off, timing.advance_days, timing.roll
            )
        return Filing(account, adapter, rules)

    def preview(self, filing: Filing, until: date | None = None) -> DebitPlan:
        """What `make` would put into files now, and what not; nothing is written."""
        with self.database.read(self.tenant.id) as tx:
            waiting, terms, _ = self._look(tx, filing, until)
        found = self._sorted(filing, waiting, terms)
        return DebitPlan(filing.account.instance, tuple(_cut(filing, found.ready)), found)

    def make(self, filing: Filing, until: date | None = None) -> Made:
        """Put all debits into files that the bank takes by `until` (today), one transaction a file.

        A debit with a problem is left out with a task; one that must not go out any more is given
        up. Raises RenderRefused where no file can be written, and Conflict where others change the
        same debits all the time.
        """
        made = Made(filing.account.instance)
        for _ in range(_ROUNDS):
            if self._round(filing, until, made):
                return made
        raise Conflict(
            f"the debits of {filing.account.instance} are changed at this moment",
            place="debits",
            mend=f"{len(made.files)} files are made; try again for the rest",
        )

    def _round(self, filing: Filing, until: date | None, made: Made) -> bool:
        """Make files of what waits; False where a file could not be recorded."""
        with self.database.read(self.tenant.id) as tx:
            waiting, terms, no = self._look(tx, filing, until)
        found = self._sorted(filing, waiting, terms)
        made.later, made.spoilt = found.later, found.spoilt
        if found.spoilt or found.over:
            with self.database.write(self.tenant.id) as tx:
                note_left_out(tx, found.spoilt, found.over)
            made.over += found.over
        for number, ready in enumerate(_cut(filing, found.ready), no):
            file = self._written(filing, number, ready)
            with self.database.write(self.tenant.id) as tx:
                is_ours = claim(tx, file, {one.waiting.attempt.id: one.waiting for one in ready})
            if not is_ours:
                return False
            made.files.append(file)
            made.late += [one.waiting.number for one in ready if one.is_late]
        return True

    def _look(
        self, tx: Tx, filing: Filing, until: date | None
    ) -> tuple[list[WaitingDebit], Terms, int]:
        today = local_date(tx.clock, self.tenant.time_zone)
        terms = Terms(self.tenant, filing.rules, tx.now(), max(until or today, today))
        instance = filing.account.instance
        return read_waiting(tx, instance), terms, next_file_no(tx, instance)

    def _sorted(self, filing: Filing, waiting: Sequence[WaitingDebit], terms: Terms) -> Sorted:
        found = sort_debits(waiting, terms)
        ready = []
        for one in found.ready:
            problems = filing.adapter.problems_of(one.item)
            if problems:
                found.spoilt.append(LeftOut(one.waiting, "; ".join(problems)))
            else:
                ready.append(one)
        found.ready = ready
        return found

    def _written(self, filing: Filing, no: int, ready: Sequence[Ready]) -> KeptFile:
        """The file of that number; its bytes are durable when this returns."""
        with self.database.read(self.tenant.id) as tx:
            message_id, now = message_id_of(no, tx.new_id()), tx.now()
        seller = self.tenant.seller
        iban = filing.adapter.creditor_iban or seller.iban
        written = filing.adapter.write(
            DebitFile(
                message_id=message_id,
                created_at=now,
                creditor_name=seller.account_holder or seller.legal_name,
                creditor_id=seller.creditor_id,
                iban=iban,
                bic=seller.bic if iban == seller.iban else "",
                items=tuple(one.item for one in ready),
            )
        )
        amounts = [one.waiting.attempt.amount for one in ready]
        return KeptFile(
            filing.account.instance,
            no,
            message_id,
            written.filename,
            written.media_type,
            self.contents.put(self.tenant.id, written.content),
            len(ready),
            total(amounts, amounts[0].currency),
            ready[0].item.mandate.scheme,
            min(one.item.due_on for one in ready),
            max(one.item.due_on for one in ready),
            min(one.submit_until for one in ready),
            now,
            _blocks(message_id, written, ready),
            {one.waiting.attempt.id: one.item.mandate.iban for one in ready},
        )

    def content_of(self, file: KeptFile) -> bytes:
        """The file's bytes as they were first made; raises IntegrityBroken where they are lost."""
        return self.contents.get(self.tenant.id, file.digest)


def sum_of(ready: Sequence[Ready]) -> Money:
    """What a file that is not made yet would collect."""
    amounts = [one.waiting.attempt.amount for one in ready]
    return total(amounts, amounts[0].currency)


def _cut(filing: Filing, ready: Sequence[Ready]) -> Iterator[tuple[Ready, ...]]:
    return cut(ready, lambda one: one.item.mandate.scheme, filing.adapter.most_items)


def _blocks(
    message_id: str, written: WrittenFile, ready: Sequence[Ready]
) -> tuple[DebitBlock, ...]:
    """The file's blocks as the adapter says; one that says none credits the file as a whole."""
    ids = {one.item.end_to_end: one.waiting.attempt.id for one in ready}
    stated = [(block.id, block.items) for block in written.blocks] or [(message_id, tuple(ids))]
    if sorted(item for _, items in stated for item in items) != sorted(ids):
        raise TransitionRefused(
            f"the blocks that the adapter states are not the debits of file {message_id}",
            place="blocks",
            mend="Correct the adapter: each debit stands in one block",
        )
    return tuple(DebitBlock(own, tuple(ids[item] for item in items)) for own, items in stated)


def _check_active(account: PaymentAccount) -> None:
    if account.state is not ProviderState.ACTIVE:
        raise TransitionRefused(
            f"{account.instance} is {account.state}: {account.problem or 'nothing is collected'}",
            place="instance",
            mend=f"faktura payments accounts resume {account.instance}",
        )
