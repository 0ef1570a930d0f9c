"""The two syntaxes of EN 16931, and how a file's root tells them apart."""

from enum import StrEnum, unique
from typing import Final


@unique
class Syntax(StrEnum):
    """How an e-invoice is written: UN/CEFACT CII, or OASIS UBL (Invoice and CreditNote)."""

    CII = "CII"
    UBL = "UBL"


_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
SYNTAX_BY_ROOT: Final = {
    "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice": Syntax.CII,
    f"{{{_UBL}Invoice-2}}Invoice": Syntax.UBL,
    f"{{{_UBL}CreditNote-2}}CreditNote": Syntax.UBL,
}
"""Full tag of a root -> its syntax; whatever is not here is no e-invoice."""
