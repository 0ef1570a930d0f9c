"""Closed vocabularies of accounting: deferrals and export batches."""

from enum import StrEnum, unique


@unique
class DeferralMethod(StrEnum):
    """How the net of a service period is spread over its months (F108); NONE defers nothing."""

    NONE = "NONE"
    DAY = "DAY"
    MONTH = "MONTH"
    HALF_MONTH = "HALF_MONTH"


@unique
class BatchState(StrEnum):
    """Where an export batch stands; the entries of a VOIDED or FAILED one can go out again."""

    MADE = "MADE"
    SENT = "SENT"
    ACCEPTED = "ACCEPTED"
    FAILED = "FAILED"
    VOIDED = "VOIDED"
