"""Which terms the fields of an allowance or a charge are: on the document, on a line."""

from typing import Final, NamedTuple


class AllowanceTerms(NamedTuple):
    """The BT numbers of BG-20, BG-21, BG-27 or BG-28; only the first two have VAT."""

    amount: str
    base: str
    percent: str
    category: str | None
    rate: str | None
    reason: str
    reason_code: str


ALLOWANCE: Final = AllowanceTerms(*("BT-92", "BT-93", "BT-94", "BT-95", "BT-96", "BT-97", "BT-98"))
CHARGE: Final = AllowanceTerms(
    *("BT-99", "BT-100", "BT-101", "BT-102", "BT-103", "BT-104", "BT-105")
)
LINE_ALLOWANCE: Final = AllowanceTerms(
    *("BT-136", "BT-137", "BT-138", None, None, "BT-139", "BT-140")
)
LINE_CHARGE: Final = AllowanceTerms(*("BT-141", "BT-142", "BT-143", None, None, "BT-144", "BT-145"))
