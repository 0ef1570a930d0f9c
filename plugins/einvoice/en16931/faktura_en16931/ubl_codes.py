"""Fixed words of UBL documents that stand beside the terms of EN 16931; writer and reader share them."""

from typing import Final

CREDIT_NOTE_TYPES: Final = frozenset({"381"})
"""Codes of BT-3 that UBL writes as CreditNote, with positive amounts; no Invoice may bear them."""

OBJECT_REFERENCE: Final = "130"
"""UNTDID 1001: a document reference that names the invoiced object (BT-18, BT-128)."""

PROJECT_REFERENCE: Final = "50"
"""UNTDID 1001: a document reference that names the project (BT-11), in a CreditNote only."""

CREDITOR_SCHEME: Final = "SEPA"
"""Scheme of BT-90, which UBL keeps among the identifiers of the payee, else of the seller."""

VAT_SCHEME: Final = "VAT"
TAX_NUMBER_SCHEME: Final = "FC"
"""Which tax a number belongs to: the VAT id (BT-31), or any other, here the tax number (BT-32)."""

NO_ORDER: Final = "NA"
"""What stands for BT-13 where only BT-14 is known: the schema demands an order's number."""

NO_NETWORK: Final = "NA"
"""What stands for the network of a card: the schema demands it, EN 16931 has no term for it."""
