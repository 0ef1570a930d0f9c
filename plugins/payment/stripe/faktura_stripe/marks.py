"""What we write on objects at Stripe to know them again; never anything about a person."""

ATTEMPT = "faktura_attempt"
INVOICE = "faktura_invoice"
TENANT = "faktura_tenant"
REFUND = "faktura_refund"
PAGE = "faktura_page"
"""On payments that began on a page: while it is open, a refused card is not the end of them."""

_PREFIX = "fk"


def key_of(own: str, part: str = "") -> str:
    """The idempotency key of an attempt or refund: the same in every repetition, for ever."""
    return f"{_PREFIX}:{own}:{part}" if part else f"{_PREFIX}:{own}"
