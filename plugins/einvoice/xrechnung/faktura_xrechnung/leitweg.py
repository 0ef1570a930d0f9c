"""Check digits of a Leitweg-ID: a typing error sends an invoice to another authority, or to none.

Source: KoSIT, Formatspezifikation Leitweg-ID; ISO 7064 MOD 97-10, letters count as A=10 to Z=35.
"""

import re
from collections.abc import Iterator
from typing import Final

from faktura.plugin import Finding, InvoiceDocument
from faktura_en16931.findings import warning

_SCHEME: Final = "0204"
_FORM: Final = re.compile(r"[0-9]{2,12}(-[A-Za-z0-9]{1,30})?-[0-9]{2}", re.ASCII)


def check_leitweg(document: InvoiceDocument) -> Iterator[Finding]:
    """A buyer reference that looks like a Leitweg-ID but has wrong check digits (BT-10).

    Only where the invoice is sent to a Leitweg-ID (BT-49): others may number as they like.
    """
    reference, endpoint = document.buyer_reference, document.buyer.endpoint
    if not reference or endpoint is None or endpoint.scheme != _SCHEME:
        return
    if _FORM.fullmatch(reference) and not has_right_digits(reference):
        message = f"The check digits of the Leitweg-ID {reference} are wrong"
        yield warning("faktura-leitweg", "BT-10", message, "customer.leitwegId")


def has_right_digits(leitweg_id: str) -> bool:
    """Whether the last two digits belong to the rest; the form must be right."""
    digits = "".join(str(int(sign, 36)) for sign in leitweg_id.replace("-", ""))
    return int(digits) % 97 == 1
