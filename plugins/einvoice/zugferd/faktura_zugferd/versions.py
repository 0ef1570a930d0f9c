"""The rule set of pages: all that decides about their bytes, in at most 64 characters."""

import hashlib
import json
from importlib.metadata import version
from typing import Final

from faktura.plugin import AdapterSettings
from faktura_en16931.profile import Profile

PROFILE: Final = Profile(
    process="urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
    specification="urn:cen.eu:en16931:2017",
)
"""BT-23 and BT-24 of what is written."""

LEVEL: Final = "EN 16931"
"""Its fx:ConformanceLevel."""

PDF_RULES: Final = "pdfa-3b"
ZUGFERD_RULES: Final = "zugferd-2.5.2/en16931-1.3.16"

_PACKAGES: Final = ("typst", "pikepdf", "segno", "fontpkg-source-sans-3")
_SHORT: Final = 8


def rule_set(rules: str, settings: AdapterSettings) -> str:
    """`rules`, layout, typesetter, and a hash of the settings and packages that change bytes.

    So documents rendered with other settings never look like other bytes of the same rules.
    """
    from faktura_zugferd.typesetting import LAYOUT_VERSION

    deciding = {
        "settings": settings.model_dump(mode="json"),
        "packages": {name: version(name) for name in _PACKAGES},
    }
    text = json.dumps(deciding, sort_keys=True, ensure_ascii=False)
    short = hashlib.sha256(text.encode()).hexdigest()[:_SHORT]
    return f"{rules}/page-{LAYOUT_VERSION}/typst-{version('typst')}/{short}"
