"""The settings of a bank account that collects by file; the bank's contract has the numbers."""

from datetime import time
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from faktura.kernel.payment_terms import BankDayRoll
from faktura.plugin import AdapterSettings
from faktura_sepa.accounts import bic_problem, iban_problem


class FirstSequence(StrEnum):
    """What a bank wants to be told of the first debit of a mandate; nearly all take RCUR."""

    FRST = "FRST"
    RCUR = "RCUR"


def _iban(text: str) -> str:
    iban = text.replace(" ", "").upper()
    if iban and (problem := iban_problem(iban)):
        raise ValueError(f"“{iban}” {problem}")
    return iban


def _bic(text: str) -> str:
    bic = text.replace(" ", "").upper()
    if bic and (problem := bic_problem(bic)):
        raise ValueError(f"“{bic}” {problem}")
    return bic


def _local(clock: time) -> time:
    if clock.tzinfo is not None:
        raise ValueError("write the bank's own time, such as 10:00, without an offset")
    return clock


class SepaSettings(AdapterSettings):
    """Which account collects, and what its bank agreed to.

    `iban` and `bic` are the creditor's account; empty means the seller's own. `lead_days_core` and
    `lead_days_b2b` are TARGET days before the due day on which the bank wants the file, before
    `cut_off` (exclusive) in the tenant's time zone; `advance_days` calendar days ahead it takes it
    at most. `roll` is where a debit goes that is due while banks are closed. A file has at most
    `most_items` debits. `batch_booking` asks for one credit a block instead of one a debit.
    `takes_b2b` says that the bank agreed to SEPA B2B debits.
    """

    iban: Annotated[str, AfterValidator(_iban)] = ""
    bic: Annotated[str, AfterValidator(_bic)] = ""
    lead_days_core: int = Field(default=2, ge=1, le=5)
    lead_days_b2b: int = Field(default=2, ge=1, le=5)
    cut_off: Annotated[time, AfterValidator(_local)] = time(10)
    advance_days: int = Field(default=14, ge=0, le=14)
    roll: BankDayRoll = BankDayRoll.NEXT
    most_items: int = Field(default=800, ge=1, le=800)
    batch_booking: bool = True
    first_sequence: FirstSequence = FirstSequence.RCUR
    takes_b2b: bool = False

    @model_validator(mode="after")
    def _name_the_account(self) -> Self:
        """Refuse a bank without an account: it would be written beside whatever account is meant."""
        if self.bic and not self.iban:
            raise ValueError("a BIC alone names no account: set the IBAN, too")
        return self
