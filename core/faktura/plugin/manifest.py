"""Who a plugin is."""

from enum import StrEnum, unique

from faktura.plugin.dto import Dto

API_VERSION = 1
"""Version of the hook contract; what it promises stands in docs/connector-contract-1.json (O26)."""


@unique
class Family(StrEnum):
    """Families of adapters."""

    PAYMENT = "payment"
    BANKING = "banking"
    ACCOUNTING = "accounting"
    EINVOICE = "einvoice"
    EVENTS = "events"
    TAX = "tax"


class PluginManifest(Dto):
    """Name as in the settings and the entry point, version, contract version, families."""

    name: str
    version: str
    api_version: int
    families: tuple[Family, ...]
