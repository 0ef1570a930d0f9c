"""Product groups as the API shows them."""

from typing import Self

from pydantic import Field

from faktura.domain.articles import ProductGroup
from faktura.web.api.replies import Answer


class ProductGroupAnswer(Answer):
    """Articles that are taxed and booked alike (F045, F049)."""

    key: str = Field(description="What articles name it by.")
    name: str = Field(description="The name, for people.")
    tax_group: str = Field(description="The key of the tax group.")
    revenue_account: str | None = Field(
        description="The ledger account of its revenue; null: that of the chart."
    )

    @classmethod
    def of(cls, group: ProductGroup) -> Self:
        """The answer."""
        return cls(
            key=group.key,
            name=group.name,
            tax_group=group.tax_group.key,
            revenue_account=group.revenue_account,
        )
