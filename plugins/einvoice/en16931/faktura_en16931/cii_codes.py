"""Codes by which CII tells references apart, and its own code of BT-8: for writer and reader."""

from typing import Final

TENDER: Final = "50"  # UNTDID 1001: BT-17
OBJECT: Final = "130"  # UNTDID 1001: BT-18, BT-128
SUPPORTING_DOCUMENT: Final = "916"  # UNTDID 1001: BG-24

PROJECT_NAME: Final = "Project reference"
"""The schema demands a name of the project, EN 16931 has no term for it; the norm fixes this one."""

VAT_POINT_CODES: Final = {"3": "5", "35": "29", "432": "72"}
"""BT-8 in the document (UNTDID 2005) -> the same in CII (UNTDID 2475)."""
