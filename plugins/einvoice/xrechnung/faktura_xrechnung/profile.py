"""Which XRechnung is written: constants that change with the standard, not with the code."""

from typing import Final

PROCESS: Final = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
"""BT-23, business process; mandatory since the Peppol rules are part of XRechnung (R001)."""

SPECIFICATION: Final = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
"""BT-24, specification: the CIUS without extension (BR-DE-21)."""

RULE_SET: Final = "xrechnung-3.0.2/en16931-1.3.16"
"""What the pre-checks follow and the tests prove; stored beside the rendered bytes."""
