"""Articles as the API shows them, under the names that catalogue files use."""

from typing import Self

from pydantic import Field

from faktura.kernel.terms import ArticleUnit, Supply
from faktura.store.articles import SoldArticle
from faktura.web.api.replies import Answer
from faktura.web.api.resources.cost_answers import CostShareAnswer
from faktura.web.api.resources.price_answers import PriceAnswer


class ItemAnswer(Answer):
    """An article: something that is sold (F046-F051)."""

    article_number: str = Field(description="What contracts name it by.")
    name: str = Field(description="Printed on invoices.")
    product_group: str = Field(description="The key of the product group: its tax and revenue.")
    project: str | None = Field(
        description="The key of the project that alone sells it; null: every one does (F049)."
    )
    unit: ArticleUnit = Field(description="What one of it is; `NONE` prints the bare number.")
    supply: Supply = Field(description="What is supplied; decides the tax abroad.")
    recurring: bool = Field(description="Whether subscriptions may contain it.")
    prices: tuple[PriceAnswer, ...] = Field(
        description="Unit prices; of several that fit, the latest `validFrom` counts (F047)."
    )
    description: str = Field(description="Printed on invoices below the name.")
    html_description: str = Field(description="Shown on order pages and in the portal (F050).")
    cost_centre: str | None = Field(description="Booked with its revenue.")
    costs: tuple[CostShareAnswer, ...] = Field(
        description="Shares of several cost centres and cost objects, instead of `costCentre`."
    )
    pause_extends_term: bool = Field(description="Whether a term grows by paused days (P10).")
    pause_billed_later: bool = Field(
        description="Whether periods that a pause held up are billed when it is over."
    )
    pause_whole_periods_only: bool = Field(
        description="Whether resuming inside a period bills nothing of it, not its rest."
    )

    @classmethod
    def of(cls, sold: SoldArticle) -> Self:
        """The answer."""
        article = sold.article
        return cls(
            article_number=article.number,
            name=article.name,
            product_group=article.group.key,
            project=None if sold.project is None else sold.project.key,
            unit=article.unit,
            supply=article.supply,
            recurring=article.recurring,
            prices=tuple(PriceAnswer.of(price) for price in article.prices),
            description=article.description,
            html_description=article.html_description,
            cost_centre=article.cost_centre,
            costs=CostShareAnswer.all_of(article.costs),
            pause_extends_term=article.pause_policy.extends_term,
            pause_billed_later=article.pause_policy.billed_later,
            pause_whole_periods_only=article.pause_policy.whole_periods_only,
        )
