"""Closed vocabularies of what leaves the house: deliveries, webhook endpoints, mails."""

from enum import StrEnum, unique


@unique
class DeliveryState(StrEnum):
    """Whether a subscriber has got a fact; a DEAD one was tried for days and waits for a person."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    DEAD = "DEAD"


@unique
class EndpointState(StrEnum):
    """Whether an endpoint gets webhooks; PAUSED by a person, DISABLED after days of failures."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    DISABLED = "DISABLED"


@unique
class MailUse(StrEnum):
    """What a mail is for (F084, F087, F093, F120)."""

    INVOICE = "INVOICE"
    CORRECTION = "CORRECTION"
    CREDIT_NOTE = "CREDIT_NOTE"
    PAYMENT_FAILED = "PAYMENT_FAILED"
    CHARGEBACK = "CHARGEBACK"
    DUNNING = "DUNNING"
    PORTAL_ACCESS = "PORTAL_ACCESS"
    CARD_EXPIRING = "CARD_EXPIRING"
    VAT_CHECK_FAILED = "VAT_CHECK_FAILED"
    WEBHOOK_DISABLED = "WEBHOOK_DISABLED"


@unique
class MailState(StrEnum):
    """Where a mail stands.

    SENDING is written before a server gets it. Where nobody knows whether the server took it, it is
    UNCERTAIN and waits for a person: a mail is never sent twice by itself. FAILED was refused, or
    cannot be written; one that nobody is to get is SKIPPED.
    """

    WAITING = "WAITING"
    SENDING = "SENDING"
    SENT = "SENT"
    UNCERTAIN = "UNCERTAIN"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"


@unique
class BounceKind(StrEnum):
    """Whether an address is refused for good, or only for now (RFC 3463: 5.x.x, 4.x.x)."""

    PERMANENT = "PERMANENT"
    TEMPORARY = "TEMPORARY"


# Mails about the tenant's own affairs go to the tenant, all others to a customer.
TO_TENANT = frozenset({MailUse.VAT_CHECK_FAILED, MailUse.WEBHOOK_DISABLED})
