"""The settings that all adapters of the plugin share."""

from faktura.plugin import AdapterSettings


class XRechnungSettings(AdapterSettings):
    """`rule_set` is the standard that is written (`3.0`); empty takes the newest in force.

    `schematron_rules` is a folder with the compiled stylesheets of the official bundles
    (`EN16931-CII-validation.xsl` and their like); empty leaves the official Schematron out.
    """

    rule_set: str = ""
    schematron_rules: str = ""
