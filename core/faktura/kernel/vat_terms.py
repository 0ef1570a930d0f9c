"""Closed vocabularies of VAT-id checks."""

from enum import StrEnum, unique


@unique
class VatCheckResult(StrEnum):
    """What the register of the member state said; UNAVAILABLE is no answer, not a failed check.

    MISFORMED never got there: form or check digit is wrong.
    """

    VALID = "VALID"
    INVALID = "INVALID"
    MISFORMED = "MISFORMED"
    UNAVAILABLE = "UNAVAILABLE"


@unique
class VatTraderMatch(StrEnum):
    """Whether a name or address is the registered one; NOT_TOLD where the member state keeps it."""

    MATCH = "MATCH"
    DIFFERS = "DIFFERS"
    NOT_TOLD = "NOT_TOLD"
