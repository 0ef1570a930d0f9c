"""What a company chooses about its plain invoices."""

from faktura.plugin import AdapterSettings
from pydantic import Field, PositiveInt


class RefInvoiceSettings(AdapterSettings):
    """Bounds of the files."""

    longest_text: PositiveInt = Field(
        default=5_000, description="How many characters a text may have"
    )
