"""Closed vocabularies of what happens on a contract besides its own state (terms.py)."""

from enum import StrEnum, unique


@unique
class DiscountScope(StrEnum):
    """Which lines of a contract a discount is for (F076)."""

    ARTICLE = "ARTICLE"
    PRODUCT_GROUP = "PRODUCT_GROUP"
    CONTRACT = "CONTRACT"


@unique
class CommissionDue(StrEnum):
    """When a partner's commission is due: at the customer's invoice or at its payment (F079)."""

    INVOICE = "INVOICE"
    PAYMENT = "PAYMENT"


@unique
class TaskKind(StrEnum):
    """Why a person is asked to look at something."""

    CHECK_SPLIT = "CHECK_SPLIT"
    REVIEW_SUCCESSOR = "REVIEW_SUCCESSOR"
    PAYMENT_UNCLEAR = "PAYMENT_UNCLEAR"
    PAYMENT_DIFFERS = "PAYMENT_DIFFERS"
    PAYMENT_UNEXPECTED = "PAYMENT_UNEXPECTED"
    PAYMENT_REJECTED = "PAYMENT_REJECTED"
    PAYMENT_OVERDUE = "PAYMENT_OVERDUE"
    PROVIDER_BROKEN = "PROVIDER_BROKEN"
    REFUND_FAILED = "REFUND_FAILED"
    REFUND_FOREIGN = "REFUND_FOREIGN"
    CHARGEBACK_WON = "CHARGEBACK_WON"
    CHARGEBACK_UNCLEAR = "CHARGEBACK_UNCLEAR"
    RETURN_UNCLEAR = "RETURN_UNCLEAR"
    RETURN_DIFFERS = "RETURN_DIFFERS"
    BANK_NEEDS_PERSON = "BANK_NEEDS_PERSON"
    MOVEMENT_DOUBTFUL = "MOVEMENT_DOUBTFUL"
    MAIL_UNCERTAIN = "MAIL_UNCERTAIN"
    MAIL_FAILED = "MAIL_FAILED"
    MAIL_BOUNCED = "MAIL_BOUNCED"
    DELIVERY_DEAD = "DELIVERY_DEAD"
    WEBHOOK_DISABLED = "WEBHOOK_DISABLED"
    VATID_CHECK_FAILED = "VATID_CHECK_FAILED"
    DUNNING_EXHAUSTED = "DUNNING_EXHAUSTED"


@unique
class InvoiceDateReason(StrEnum):
    """Why the next invoice date was moved by hand (F036)."""

    TERMINATION = "TERMINATION"
    PAUSE = "PAUSE"
    INDIVIDUAL = "INDIVIDUAL"
