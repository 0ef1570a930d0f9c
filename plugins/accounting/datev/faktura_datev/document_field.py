"""Document numbers as DATEV's Belegfeld 1, and back.

Our numbers match `[A-Za-z0-9._-]{1,36}`; Belegfeld 1 allows the same letters but no dot, and some
signs our numbers never contain. So each dot is written as a slash: one character for one, nothing
else changes, no two numbers meet, and the number can be read back. Invoice and payment rows use the
same mapping, because clearing of open items compares the field.
"""

import re

from faktura.kernel.errors import ExportRefused, shortened

_NUMBER = re.compile(r"[A-Za-z0-9._-]{1,36}")


def to_field(number: str) -> str:
    """The Belegfeld 1 of a document number: `RE.2026-1` becomes `RE/2026-1`; ExportRefused else."""
    if not _NUMBER.fullmatch(number):
        raise ExportRefused(
            f"document number “{shortened(number)}” has no place in Belegfeld 1",
            mend="Number documents with letters, digits, dot, hyphen and underscore, 36 at most",
        )
    return number.replace(".", "/")


def to_number(field: str) -> str:
    """The document number behind a Belegfeld 1 that `to_field` made."""
    return field.replace("/", ".")
