"""How grave a finding is for a file of somebody else: as the official rules see it.

For what faktura writes it is stricter: its code tables hold what it needs, its own rules keep what
would be lost on the way, a wrong IBAN costs a payment. Others may write all that is valid.
"""

from collections.abc import Container
from typing import Final

from faktura.plugin import Finding, Severity

_OWN: Final = "faktura-"
# Tables that are subsets of the official lists: what they lack may still be a code.
_SUBSETS: Final = frozenset(
    f"BR-CL-{number}"
    for number in ("01", "04", "05", "07", "08", "10", "11", "13", "16", "19", "20", "21")
) | frozenset(f"BR-CL-{number}" for number in ("22", "23", "26"))
_OFFICIAL_WARNINGS: Final = frozenset(
    {"PEPPOL-EN16931-R120", "BR-DE-17", "BR-DE-19", "BR-DE-20", "BR-DE-26", "BR-CO-25"}
)


def as_officially(finding: Finding, formless: Container[Finding] = ()) -> Finding:
    """The finding in the severity it has for other people's files.

    `formless` are those about codes that no list can hold: they stay errors.
    """
    if finding in formless:
        return finding
    is_ours = finding.rule.startswith(_OWN)
    if is_ours or finding.rule in _SUBSETS or finding.rule in _OFFICIAL_WARNINGS:
        return finding.model_copy(update={"severity": Severity.WARNING})
    return finding
