"""PDF/A-3b as far as pikepdf judges it (veraPDF's catalogue of rules), an allowlist.

It cannot judge extension schemas, so it refuses them; container_checks does, and only for what is
described there its findings are dropped. What it does not know counts as an error, but for a short
list of things that typst and others write rightly.
"""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from faktura.plugin import Finding
from faktura_en16931.findings import error
from faktura_zugferd.xmp_reading import Xmp

if TYPE_CHECKING:
    import pikepdf

RULE_SET: Final = "pdfa-3b"
"""Name of the rules among those that were asked."""

_SCHEMA_RULE: Final = "6.6.2.3.1-1"
_NOT_PERMITTED: Final = re.compile(r"XMP (?:namespace|property) ([^\s=:]+)(?:[=:](\S+))? is not")
# Predefined in XMP (xmpTPg), and PDF/A's own words for extension schemas (ISO 19005-3, 6.6.2.3.3).
_PREDEFINED: Final = frozenset(
    {"xmpTPg", "pdfaExtension", "pdfaSchema", "pdfaProperty", "pdfaType", "pdfaField"}
)
_KNOWN_TO_BE_RIGHT: Final = (
    re.compile(r"/CIDSet on a CIDFontType2 subset is not checked"),
    re.compile(r"structured XMP property xmpMM:History is not checked"),
    # How typst subsets the OpenType typefaces it falls back to; their metrics are not compared.
    re.compile(r"CFF FDArray FontMatrix is not supported"),
    re.compile(r"rdf:about"),
    re.compile(r"[Pp]attern|[Ss]hading"),
)
_MEND: Final = "Write the file as PDF/A-3b"


def can_judge() -> bool:
    """Whether the extra `pdfa` of pikepdf is installed."""
    return all(find_spec(name) is not None for name in ("pikepdf", "jsonschema", "fontTools"))


def check_pdfa(pdf: "pikepdf.Pdf", xmp: Xmp) -> Iterator[Finding]:
    """What keeps the file from being PDF/A-3b; call it only where `can_judge`."""
    from pikepdf.pdfa import check

    for found in check(pdf, "3b").findings:
        if found.rule.endswith(_SCHEMA_RULE) and _is_described(found.message, xmp):
            continue
        if found.kind == "unsupported" and _is_known(found.message):
            continue
        yield error(found.rule, "PDF/A", f"{found.where}: {found.message}", _MEND)


def _is_described(message: str, xmp: Xmp) -> bool:
    named = _NOT_PERMITTED.search(message)
    if named is None:
        return False
    prefix, rest = named.groups()
    if prefix in _PREDEFINED:
        return True
    for schema in xmp.schemas:
        if schema.fields.get("prefix") == prefix:
            names = {fields.get("name") for fields in schema.properties}
            return rest == schema.fields.get("namespaceURI") or rest in names
    return False


def _is_known(message: str) -> bool:
    return any(pattern.search(message) for pattern in _KNOWN_TO_BE_RIGHT)
