"""Who a plugin is."""

from enum import StrEnum, unique

from faktura.plugin.dto import Dto

API_VERSION = 0
"""Version of the hook contract; 0 until the connector kit freezes it."""


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
