"""The adapter: a debit is accepted at once, goes to the bank in a file and is decided by statements."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import ClassVar, Final

from typing_extensions import override

from faktura.kernel.errors import RenderRefused
from faktura.kernel.payment_terms import LookUp, MandateScheme
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    AdapterSettings,
    AttemptReference,
    Capabilities,
    CollectRequest,
    DebitFile,
    DebitFiling,
    DebitItem,
    DebitTiming,
    Outcome,
    PaymentAdapter,
    Pending,
    Rejected,
    Runtime,
    WrittenBlock,
    WrittenFile,
)
from faktura_sepa.blocks import block_id, blocks_of
from faktura_sepa.file_problems import file_problems
from faktura_sepa.problems import CURRENCY, LEAST, MOST, amount_problems, item_problems
from faktura_sepa.settings import SepaSettings

# The debtor's bank returns within five TARGET days; statements take a day on either side. Two weeks
# hold at least seven, whatever feasts lie in them.
_SETTLES_WITHIN: Final = 7
_EXPECTED_WITHIN: Final = timedelta(days=14)
# An unauthorised debit can be returned for 13 months.
_RETURN_DAYS: Final = 400


class SepaAdapter(PaymentAdapter, DebitFiling):
    """Collects over an account at the house bank; there is nobody to ask, so nothing can get lost."""

    provider: ClassVar[str] = "sepa"
    Settings: ClassVar[type[AdapterSettings]] = SepaSettings

    def __init__(self, settings: AdapterSettings, runtime: Runtime) -> None:
        super().__init__(settings, runtime)
        self._own = SepaSettings.model_validate(settings.model_dump())

    @override
    def capabilities(self) -> Capabilities:
        """Euros from accounts in SEPA; money is given back by transfer."""
        return Capabilities(
            methods=frozenset({PaymentMethod.SEPA_DEBIT}),
            currencies=frozenset({CURRENCY}),
            minimum={CURRENCY: LEAST},
            maximum={CURRENCY: MOST},
            look_up=LookUp.CONSISTENT,
            partial_refunds=False,
            settles_within_days=_SETTLES_WITHIN,
            dispute_days=_RETURN_DAYS,
            takes_b2b=self._own.takes_b2b,
        )

    @override
    async def collect(self, request: CollectRequest) -> Outcome:
        """Pending under the request's key: the core puts it into a file. The same every time."""
        if request.method is not PaymentMethod.SEPA_DEBIT:
            return Rejected(code="method", message=f"A bank does not collect {request.method}")
        if request.currency != CURRENCY:
            return Rejected(code="currency", message=f"SEPA collects {CURRENCY} only")
        if problem := next(amount_problems(request.amount), None):
            return Rejected(code="amount", message=problem)
        return Pending(
            reference=request.key,
            amount=request.amount,
            currency=request.currency,
            expected_by=_expected_by(request.due_on),
        )

    @override
    async def look_up(self, attempt: AttemptReference) -> Outcome:
        """What collecting says: the bank tells of a debit by its statements alone."""
        return await self.collect(attempt.request)

    @override
    def timing(self, scheme: MandateScheme) -> DebitTiming:
        """Lead days and cut-off of this scheme by the settings."""
        is_core = scheme is MandateScheme.CORE
        return DebitTiming(
            lead_days=self._own.lead_days_core if is_core else self._own.lead_days_b2b,
            cut_off=self._own.cut_off,
            advance_days=self._own.advance_days,
            roll=self._own.roll,
        )

    @property
    @override
    def most_items(self) -> int:
        """How many debits a file holds at most (F101)."""
        return self._own.most_items

    @property
    @override
    def creditor_iban(self) -> str:
        """The account of the settings; empty means the seller's own."""
        return self._own.iban

    @override
    def problems_of(self, item: DebitItem) -> Sequence[str]:
        """What keeps a debit out of a file, each with what to do; empty when nothing does."""
        return self._problems_of(item, self._own.iban)

    @override
    def write(self, file: DebitFile) -> WrittenFile:
        """The file as pain.008.001.08; raises RenderRefused for what the DK's rules forbid."""
        from faktura_sepa.pain008 import write_pain008

        file = self._with_bic(file)
        self._refuse_problems(file)
        return WrittenFile(
            filename=f"pain.008_{re.sub('[^A-Za-z0-9.-]', '-', file.message_id)}.xml",
            media_type="application/xml",
            content=write_pain008(file, self._own),
            blocks=self._blocks_of(file),
        )

    def _blocks_of(self, file: DebitFile) -> tuple[WrittenBlock, ...]:
        return tuple(
            WrittenBlock(
                id=block_id(file.message_id, number),
                items=tuple(item.end_to_end for item in block.items),
            )
            for number, block in enumerate(blocks_of(file.items, self._own.first_sequence), 1)
        )

    def _problems_of(self, item: DebitItem, creditor_iban: str) -> tuple[str, ...]:
        return tuple(
            item_problems(item, takes_b2b=self._own.takes_b2b, creditor_iban=creditor_iban)
        )

    def _with_bic(self, file: DebitFile) -> DebitFile:
        if file.bic or file.iban != self._own.iban:
            return file
        return file.model_copy(update={"bic": self._own.bic})

    def _refuse_problems(self, file: DebitFile) -> None:
        found = [
            RenderRefused(problem, place=f"file {file.message_id}")
            for problem in file_problems(file, most_items=self._own.most_items)
        ]
        found += [
            RenderRefused(problem, place=f"debit {item.end_to_end}")
            for item in file.items
            for problem in self._problems_of(item, file.iban)
        ]
        if found:
            refused = RenderRefused(
                f"the file of debits cannot be written: {found[0]}",
                mend=f"Leave out or mend what is wrong in {len(found)} places"
                if len(found) > 1
                else "",
            )
            refused.parts = tuple(found)
            raise refused


def _expected_by(due_on: date | None) -> date | None:
    return None if due_on is None else due_on + _EXPECTED_WITHIN
