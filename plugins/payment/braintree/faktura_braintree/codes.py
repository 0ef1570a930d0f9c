"""What Braintree's codes mean for the next attempt; as data (payments 3.4).

Whether a decline is hard or soft stands in the answer itself. Here is what the answer does not say.
"""

from faktura.kernel.payment_terms import CustomerReason

NEEDS_CUSTOMER = "2099"
"""The bank wants the customer to confirm: 3-D Secure, off-session never again."""

PAYPAL_REPEATED = "2069"
"""PayPal saw this order id before: the first one went through."""

OUR_SETUP = frozenset({"2026", "2079", "2087", "2088", "2089", "2091", "2100"})
"""The merchant's own set-up at the processor or PayPal is wrong; no customer can help."""

MEANS_GONE = frozenset({"2070", "2075", "2093"})
"""The agreement was revoked or the account closed: this means never works again."""

NEVER_AGAIN = frozenset({"2004", "2005", "2015", "2070", "2074", "2075"})
"""Retries are prohibited for recurring charges, whatever the answer says."""

NEVER_AGAIN_MASTERCARD = frozenset({"2009", "2012", "2019", "2022", "2047", "2053"})
"""The same, by Mastercard's rules."""

REASONS = {
    "2001": CustomerReason.NO_FUNDS,
    "2002": CustomerReason.NO_FUNDS,
    "2004": CustomerReason.EXPIRED,
    "2005": CustomerReason.ENTER_AGAIN,
    "2006": CustomerReason.EXPIRED,
    "2007": CustomerReason.ENTER_AGAIN,
    "2008": CustomerReason.ENTER_AGAIN,
    "2009": CustomerReason.ENTER_AGAIN,
    "2010": CustomerReason.ENTER_AGAIN,
    "2017": CustomerReason.WITHDRAWN,
    "2018": CustomerReason.WITHDRAWN,
    "2070": CustomerReason.WITHDRAWN,
}
"""What the customer may read of a decline; GENERAL for all others."""

REJECTIONS_HARD = frozenset(
    {"avs", "cvv", "avs_and_cvv", "fraud", "risk_threshold", "excessive_retry"}
)
"""Gateway rejections that the same means would meet again."""

TOKEN_UNKNOWN = frozenset({"91518"})
"""The vault does not know the token."""

NONCE_USED = frozenset({"91564", "91731", "92907", "93107", "93504"})
"""What the browser gave was used before: by us, since nobody else has it."""

NONCE_USELESS = frozenset(
    {"91565", "91566", "91732", "91733", "92908", "92909", "93108", "93109", "93505", "93506"}
)
"""What the browser gave is unknown, locked or older than three hours."""

TOKEN_TAKEN = frozenset({"91719", "92906", "93503"})
"""A means of payment was saved under this token before."""

CUSTOMER_TAKEN = "91609"
"""A customer of this id exists."""

KEY_NOT_ALLOWED = "915231"
"""The account has no request keys."""

KEY_UNSETTLED = frozenset({"915232", "915233", "915234", "915235"})
"""A request under this key exists: another one, a running one, one that failed there."""

KEY_RAN_INTO_FAILURE = "915234"
"""The first request under this key failed; it never was a transaction."""

NOT_SETTLED_YET = frozenset({"91506", "91574"})
"""Refunds wait until the payment is settled."""

CANNOT_BE_VOIDED = "91504"
"""It is settling, settled or voided already."""
