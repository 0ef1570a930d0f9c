"""How dunning runs are written: where they stand, whom they failed on, what they would do."""

from typing import Self
from uuid import UUID

from pydantic import Field

from faktura.domain.dunning import Notice, NoticeItem
from faktura.kernel.dunning_terms import DunningHold
from faktura.kernel.money import Money
from faktura.kernel.terms import RunState
from faktura.services.dunning_rehearsals import Rehearsed
from faktura.store.dunning import RunFailure
from faktura.store.dunning_lists import DunningRunView, DunningSum
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import AmountText, Currency, Day, Moment


class DunningSumAnswer(Answer):
    """What the notices of one level and currency ask for."""

    currency: Currency
    level: int = Field(description="The level that these notices reached.")
    notices: int = Field(description="How many they are.")
    open: AmountText = Field(description="What is open of the documents on them.")
    fee: AmountText = Field(description="Their fees.")
    flat: AmountText = Field(description="Their flat sums of 40 EUR.")
    interest: AmountText = Field(description="Their interest.")

    @classmethod
    def of(cls, one: DunningSum) -> Self:
        """The answer."""
        return cls(
            currency=one.currency,
            level=one.level,
            notices=one.notices,
            open=_amount(one.open, one.currency),
            fee=_amount(one.fee, one.currency),
            flat=_amount(one.flat, one.currency),
            interest=_amount(one.interest, one.currency),
        )


class DunningRunAnswer(Answer):
    """A dunning run and how far it is; its counts grow until it is DONE."""

    id: UUID = Field(description="Id of the run.")
    date: Day = Field(description="The day whose overdue documents are dunned: notices bear it.")
    state: RunState
    planned_customers: int = Field(
        description="Customers of whom something was overdue when it was planned."
    )
    customers: int = Field(description="Customers it has looked at so far.")
    notices: int = Field(description="Notices it has written so far.")
    held: int = Field(description="Overdue documents that it left out so far.")
    failed: int = Field(description="Customers whom it had to leave for a person so far.")
    chunks: int = Field(description="Parts it is divided into.")
    chunks_done: int = Field(description="Parts that are done.")
    sums: tuple[DunningSumAnswer, ...] = Field(description="By currency and level.")
    started_at: Moment = Field(description="When it was planned.")
    finished_at: Moment | None = Field(description="When it was done; null: not yet.")

    @classmethod
    def of(cls, run: DunningRunView) -> Self:
        """The answer."""
        totals = run.totals
        return cls(
            id=run.id,
            date=run.run_date,
            state=run.state,
            planned_customers=run.planned_customers,
            customers=totals.customers,
            notices=totals.notices,
            held=totals.held,
            failed=totals.failed,
            chunks=totals.chunks,
            chunks_done=totals.chunks_done,
            sums=tuple(DunningSumAnswer.of(one) for one in run.sums),
            started_at=run.started_at,
            finished_at=run.finished_at,
        )


class DunningFailureAnswer(Answer):
    """A customer who could not be dunned, and what to do about it; the next run tries again."""

    customer_number: str = Field(description="The customer.")
    error_key: str = Field(description="Stable name of the kind of error.")
    error_message: str = Field(description="What is wrong, for people.")
    place: str = Field(description="Where it is wrong; may be empty.")
    mend: str = Field(description="What to do about it; may be empty.")
    at: Moment | None = Field(description="When it failed; null in a dry run.")

    @classmethod
    def of(cls, one: RunFailure) -> Self:
        """The answer."""
        return cls(
            customer_number=one.customer_number,
            error_key=one.code,
            error_message=one.problem,
            place=one.place,
            mend=one.mend,
            at=one.at,
        )


class PreviewedDocument(Answer):
    """A document on a notice that would be written."""

    number: str = Field(description="The document's number.")
    due_on: Day = Field(description="When it was due.")
    open: AmountText = Field(description="What is open of it.")
    level: int = Field(description="How far it would be dunned; 0: not at its first level yet.")
    interest: AmountText = Field(description="Interest that would be charged for it.")
    flat: AmountText = Field(description="The flat sum that would be charged for it.")

    @classmethod
    def of(cls, item: NoticeItem, currency: str) -> Self:
        """The answer."""
        return cls(
            number=item.document.number,
            due_on=item.document.due_on,
            open=_amount(item.document.open, currency),
            level=item.level,
            interest=_amount(item.interest, currency),
            flat=_amount(item.flat, currency),
        )


class PreviewedNotice(Answer):
    """A notice that would be written."""

    customer_number: str = Field(description="Who would be reminded.")
    level: int = Field(description="The highest level that one of its documents would reach.")
    pay_by: Day = Field(description="The last day to pay that it would give.")
    currency: Currency
    open: AmountText = Field(description="What is open of its documents.")
    credit: AmountText = Field(description="What the customer has to its credit.")
    fee: AmountText = Field(description="What the notice would cost.")
    flat: AmountText = Field(description="Flat sums of § 288 Abs. 5 BGB.")
    interest: AmountText = Field(description="Interest up to the day of the run.")
    total: AmountText = Field(description="What it would ask for.")
    documents: tuple[PreviewedDocument, ...] = Field(description="Oldest due first.")

    @classmethod
    def of(cls, customer_number: str, notice: Notice) -> Self:
        """The answer."""
        currency = notice.currency
        return cls(
            customer_number=customer_number,
            level=notice.level,
            pay_by=notice.pay_by,
            currency=currency,
            open=_amount(notice.open, currency),
            credit=_amount(notice.credit, currency),
            fee=_amount(notice.fee, currency),
            flat=_amount(notice.flat, currency),
            interest=_amount(notice.interest, currency),
            total=_amount(notice.total, currency),
            documents=tuple(PreviewedDocument.of(item, currency) for item in notice.items),
        )


class HeldAnswer(Answer):
    """How many overdue documents would be left out for one reason."""

    reason: DunningHold
    documents: int = Field(description="How many they are.")


class DunningPreview(Answer):
    """What a run would do; nothing of it is written."""

    notices: tuple[PreviewedNotice, ...] = Field(description="What would be written to whom.")
    held: tuple[HeldAnswer, ...] = Field(description="What would be left out, by reason.")
    failures: tuple[DunningFailureAnswer, ...] = Field(description="Who could not be dunned.")

    @classmethod
    def of(cls, found: Rehearsed) -> Self:
        """The answer."""
        return cls(
            notices=tuple(PreviewedNotice.of(number, one) for number, one in found.notices),
            held=tuple(
                HeldAnswer(reason=hold, documents=found.holds[hold]) for hold in sorted(found.holds)
            ),
            failures=tuple(
                DunningFailureAnswer(
                    customer_number=number,
                    error_key=error.code,
                    error_message=error.problem,
                    place=error.place,
                    mend=error.mend,
                    at=None,
                )
                for number, error in found.failures
            ),
        )


def _amount(minor: int, currency: str) -> Money:
    return Money(minor, currency)
