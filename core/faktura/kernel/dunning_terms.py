"""Closed vocabularies of dunning."""

from enum import StrEnum, unique


@unique
class InterestRule(StrEnum):
    """What interest a dunning level charges: none, by law (§ 288 BGB), or a rate of its own."""

    NONE = "NONE"
    LEGAL = "LEGAL"
    OWN = "OWN"


@unique
class StopTarget(StrEnum):
    """What a dunning stop holds: all of a customer, what a contract billed, one document."""

    CUSTOMER = "CUSTOMER"
    CONTRACT = "CONTRACT"
    DOCUMENT = "DOCUMENT"


@unique
class DunningHold(StrEnum):
    """Why an overdue document is left out of a dunning run."""

    STOPPED = "STOPPED"
    DEBIT_RUNNING = "DEBIT_RUNNING"
    DISPUTED = "DISPUTED"
    GRACE = "GRACE"
    NOT_YET = "NOT_YET"
    CREDIT = "CREDIT"
    SMALL = "SMALL"
