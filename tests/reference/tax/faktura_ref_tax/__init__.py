"""REFTAX, a register of VAT ids, as a checker of faktura."""

from collections.abc import Sequence

from faktura.plugin import API_VERSION, Family, PluginManifest, VatIdChecker, hookimpl


@hookimpl
def describe_plugin() -> PluginManifest:
    """Who this plugin is."""
    return PluginManifest(
        name="ref-tax", version="0.1.0", api_version=API_VERSION, families=(Family.TAX,)
    )


@hookimpl
def register_vat_checkers() -> Sequence[type[VatIdChecker]]:
    """The checker that asks REFTAX."""
    from faktura_ref_tax.adapter import RefVatIdChecker

    return (RefVatIdChecker,)
