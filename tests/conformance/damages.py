"""The table of damages: what is done to a file, and the rule or term that must be named for it."""

from tests.conformance.breaking import (
    Damage,
    behind,
    emptied,
    moved,
    off_by,
    removed,
    says,
    says_day,
    twice,
    with_foreign_element,
)

_ACCOUNTS = "discounts and charges on the document at two rates"
_DEBIT = "direct debit"
_CANCELLATION = "cancellation with negative quantities"
_FINAL = "final invoice after one deposit"
_EXEMPT = "small business known by its identifier alone"


def _without(term: str, *rules: str, german: bool = False, scenario: str = "one line") -> Damage:
    return Damage(f"no {term}", removed(term), (term, *rules), scenario, german)


def _empty(term: str, *rules: str, german: bool = False, scenario: str = "one line") -> Damage:
    return Damage(f"empty {term}", emptied(term), (term, *rules), scenario, german)


def _twice(term: str, *rules: str, scenario: str = "one line") -> Damage:
    return Damage(f"{term} twice", twice(term), (term, *rules), scenario)


def _off(term: str, *rules: str, scenario: str = _ACCOUNTS) -> Damage:
    return Damage(f"{term} a cent off", off_by("0.01", term), rules, scenario)


def _says(
    term: str, text: str, *rules: str, scenario: str = "one line", german: bool = False
) -> Damage:
    return Damage(f"{term} says “{text}”", says(term, text), rules, scenario, german)


ABSENT = (
    *(_without(term, "XSD") for term in ("BT-1", "BT-2", "BT-3", "BT-5", "BT-24")),
    *(_without(term, "XSD") for term in ("BT-27", "BT-40", "BT-44", "BT-55")),
    *(_without(term, "XSD") for term in ("BT-81", "BT-106", "BT-109", "BT-112", "BT-115")),
    *(_without(term, "XSD") for term in ("BT-116", "BT-117", "BT-118")),
    _without("BT-119", "BR-S-05"),
    *(_without(term, "XSD") for term in ("BT-126", "BT-129", "BT-130", "BT-131", "BT-146")),
    *(_without(term, "XSD") for term in ("BT-151", "BT-152", "BT-153")),
    *(_without(term, german=True) for term in ("BT-10", "BT-23", "BT-34", "BT-49")),
    *(_without(term, german=True) for term in ("BT-37", "BT-38", "BT-52", "BT-53")),
    *(_without(term, german=True) for term in ("BT-41", "BT-42", "BT-43")),
    Damage("neither VAT id nor tax number", removed("BT-31", "BT-32"), ("BR-S-02",)),
    Damage("no identifier of a small business", removed("BT-29"), ("BR-CO-26",), _EXEMPT),
    Damage("no reason of an exemption", removed("BT-120"), ("BR-E-10",), _EXEMPT),
    Damage("no reason of a discount", removed("BT-97"), ("BR-33", "BT-97"), _ACCOUNTS),
    _without("BT-84", "BR-61", "BR-50"),
    _without("BT-89", "PEPPOL-EN16931-R061", scenario=_DEBIT),
    _without("BT-90", "BR-DE-30", german=True, scenario=_DEBIT),
    _without("BT-91", "BR-DE-31", german=True, scenario=_DEBIT),
    _without("BT-25", "XSD", "BR-55", scenario=_CANCELLATION),
)
"""What a file may not lack."""

EMPTY = (
    *(_empty(term, "XSD") for term in ("BT-1", "BT-2", "BT-3", "BT-5", "BT-27", "BT-44")),
    *(_empty(term, "XSD") for term in ("BT-106", "BT-115", "BT-117", "BT-129", "BT-153")),
    *(_empty(term, german=True) for term in ("BT-10", "BT-42")),
)
"""What it may not leave empty."""

REPEATED = (
    *(_twice(term, "XSD") for term in ("BT-1", "BT-2", "BT-3", "BT-5", "BT-27")),
    *(_twice(term, "XSD") for term in ("BT-106", "BT-112", "BT-115", "BT-131", "BT-153")),
    _twice("BT-117", "XSD", scenario=_ACCOUNTS),
)
"""What it may say only once."""

AMOUNTS = (
    _off("BT-106", "BR-CO-10"),
    _off("BT-107", "BR-CO-11"),
    _off("BT-108", "BR-CO-12"),
    _off("BT-109", "BR-CO-13"),
    _off("BT-110", "BR-CO-14"),
    _off("BT-112", "BR-CO-15"),
    _off("BT-113", "BR-CO-16", scenario=_FINAL),
    _off("BT-115", "BR-CO-16"),
    _off("BT-116", "BR-S-08"),
    _off("BT-117", "BR-CO-17", "BR-CO-14"),
    _off("BT-131", "PEPPOL-EN16931-R120", "BR-CO-10"),
    _off("BT-92", "PEPPOL-EN16931-R040", "BR-CO-11"),
    _off("BT-99", "BR-CO-12"),
    Damage(
        # All sums agree with it, and the official rules let it pass.
        "VAT 0.90 too much, everywhere",
        off_by("0.90", "BT-117", "BT-110", "BT-112", "BT-115"),
        ("BR-CO-17",),
    ),
    _says("BT-106", "100.001", "BR-DEC-09", "BR-CO-10"),
    _says("BT-106", "hundert", "XSD", "BT-106"),
    _says("BT-129", "1,5", "XSD", "BT-129"),
    _says("BT-146", "-100.00", "BR-27"),
    _says("BT-119", "20", "BR-CO-17", "BR-S-01"),
    _says("BT-152", "0", "BR-S-05"),
)
"""Sums and numbers."""

CODES = (
    _says("BT-3", "999", "BR-CL-01"),
    # No amount of the document is in that currency.
    _says("BT-5", "XXX", "field_invalid"),
    _says("BT-40", "ZZ", "BR-CL-14"),
    _says("BT-55", "Deutschland", "BR-CL-14", "XSD"),
    _says("BT-81", "999", "BR-CL-16"),
    _says("BT-121", "VATEX-QQ", "BR-CL-22", scenario="export"),
    _says("BT-151", "Q", "BR-CL-18", "BT-151"),
    _says("BT-118", "Q", "BR-CL-17", "BT-118"),
    _says("BT-31", "123456788", "BR-CO-09"),
    _says("BT-34-1", "XX", "BR-CL-25"),
    _says("BT-98", "ZZZZ", "BR-CL-19", scenario=_ACCOUNTS),
    _says("BT-105", "ZZZZ", "BR-CL-20", scenario=_ACCOUNTS),
    Damage(
        "Skonto that nobody can read",
        says("BT-20", "#SKONTO#TAGE=7#PROZENT=zwei#\n"),
        ("BR-DE-18",),
        "Skonto",
        german=True,
    ),
)
"""Codes: our tables hold parts of the lists, so only the official Schematron can refuse these."""

PERIODS = (
    _says("BT-2", "20261345", "XSD", "BT-2"),
    Damage("the period ends before it starts", says_day("BT-74", "2026-10-31"), ("BR-29",)),
    Damage("a line's period ends before", says_day("BT-135", "2026-10-31"), ("BR-30",)),
    Damage(
        "a line starts before the invoice",
        says_day("BT-134", "2026-10-31"),
        ("PEPPOL-EN16931-R110",),
    ),
    Damage(
        "a line ends after the invoice",
        says_day("BT-135", "2026-12-01"),
        ("PEPPOL-EN16931-R111",),
    ),
)
"""Days and periods."""

STRUCTURE = (
    Damage("number behind its siblings", behind("BT-1"), ("XSD",)),
    Damage("unknown element", with_foreign_element("{urn:nobody}Extra"), ("XSD",)),
    Damage("reference to nothing", removed("BT-25"), ("BT-25",), _CANCELLATION),
    Damage("element of another namespace", moved("BT-1", "urn:nobody"), ("XSD",)),
    Damage("line of another namespace", moved("BT-153", "urn:nobody"), ("XSD",)),
    Damage("period without its days", removed("BT-73", "BT-74"), ("XSD", "PEPPOL-EN16931-R008")),
)
"""Order and elements."""

DAMAGES = (*ABSENT, *EMPTY, *REPEATED, *AMOUNTS, *PERIODS, *STRUCTURE)
"""All that every reader must refuse by itself."""

WARNED = (
    Damage(
        # The official rules leave 0.02 (R120).
        "a line a cent too much, everywhere",
        off_by("0.01", "BT-131", "BT-106", "BT-109", "BT-112", "BT-115", "BT-116"),
        ("PEPPOL-EN16931-R120",),
    ),
    _says("BT-130", "QQQ", "BR-CL-23"),
    _says("BT-24", "urn:nobody", "faktura-specification"),
    _says("BT-84", "DE00120300000000202051", "BR-DE-19", german=True),
)
"""What KoSIT's own configuration only warns of: told, not refused."""
