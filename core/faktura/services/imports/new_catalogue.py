"""Parts of a catalogue that are new: checked against each other and the house, then written."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from faktura.domain.articles import Article, ProductGroup
from faktura.domain.events import EventType
from faktura.domain.tax import TaxGroup
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import FieldMissing, NotFound, shortened
from faktura.services.imports.article_events import tell_of_articles
from faktura.services.imports.catalogue_file import (
    ArticleFields,
    ProductGroupFields,
    ProjectFields,
    TaxGroupFields,
)
from faktura.services.imports.claims import Claims
from faktura.services.imports.cost_fields import costs_of
from faktura.services.imports.findings import Spot
from faktura.services.imports.price_fields import checked_prices
from faktura.services.ledger_accounts import check_length
from faktura.store.articles import SoldArticle
from faktura.store.catalogue import (
    Project,
    list_projects,
    read_product_groups,
    read_tax_groups,
    write_articles,
    write_product_groups,
    write_projects,
    write_tax_groups,
)
from faktura.store.taken import Unique
from faktura.store.transaction import Tx

Named = TypeVar("Named")


@dataclass(slots=True)
class NewCatalogue:
    """Gathers what is new, in the order projects, tax groups, product groups, articles.

    What is wrong is noted at the spot of its entry; `write` is for a catalogue without findings.
    `reach` holds the projects whose articles may be added; None means any, and articles of none.
    """

    tx: Tx
    tenant: Tenant
    reach: Collection[UUID] | None = None
    projects: list[Project] = field(default_factory=list)
    tax_groups: list[TaxGroup] = field(default_factory=list)
    product_groups: list[ProductGroup] = field(default_factory=list)
    articles: list[SoldArticle] = field(default_factory=list)

    def add_projects(self, given: Sequence[tuple[Spot, ProjectFields]]) -> None:
        """Projects, each with a key of its own."""
        claims = Claims(self.tx, "key", Unique.PROJECT_KEY)
        claims.claim_all([(spot, one.key) for spot, one in given])
        self.projects += [Project(self.tx.new_id(), one.key, one.name) for _spot, one in given]

    def add_tax_groups(self, given: Sequence[tuple[Spot, TaxGroupFields]]) -> None:
        """Tax groups, each with a key of its own."""
        claims = Claims(self.tx, "key", Unique.TAX_GROUP_KEY)
        claims.claim_all([(spot, one.key) for spot, one in given])
        self.tax_groups += [one.tax_group for _spot, one in given]

    def add_product_groups(self, given: Sequence[tuple[Spot, ProductGroupFields]]) -> None:
        """Product groups, each with a key of its own and a tax group that is known by now."""
        claims = Claims(self.tx, "key", Unique.PRODUCT_GROUP_KEY)
        claims.claim_all([(spot, one.key) for spot, one in given])
        taxes = read_tax_groups(self.tx) | _by_key(self.tax_groups)
        for spot, one in given:
            with spot.noting():
                tax = _named(taxes, one.tax_group, "taxGroup")
                if one.revenue_account is not None:
                    check_length(self.tx, one.revenue_account, field="revenueAccount")
                self.product_groups.append(
                    ProductGroup(one.key, one.name, tax, one.revenue_account)
                )

    def add_articles(self, given: Sequence[tuple[Spot, ArticleFields]]) -> None:
        """Articles, each with a number of its own, and a group and project that are known by now."""
        claims = Claims(self.tx, "articleNumber", Unique.ARTICLE_NUMBER)
        claims.claim_all([(spot, one.article_number) for spot, one in given])
        groups = read_product_groups(self.tx) | _by_key(self.product_groups)
        projects = _by_key(list_projects(self.tx, projects=self.reach)) | _by_key(self.projects)
        for spot, one in given:
            self._add_article(spot, one, groups, projects)

    def write(self) -> None:
        """Write all of it, with an event for each article."""
        write_projects(self.tx, self.projects)
        write_tax_groups(self.tx, self.tax_groups)
        write_product_groups(self.tx, self.product_groups)
        articles = [sold.article for sold in self.articles]
        write_articles(
            self.tx,
            articles,
            {sold.article.id: sold.project.id for sold in self.articles if sold.project},
        )
        tell_of_articles(self.tx, EventType.ITEM_CREATED, self.articles)

    def _add_article(
        self,
        spot: Spot,
        given: ArticleFields,
        groups: Mapping[str, ProductGroup],
        projects: Mapping[str, Project],
    ) -> None:
        currency = self.tenant.currency
        group = spot.tried(lambda: _named(groups, given.product_group, "productGroup"))
        project = spot.tried(lambda: self._project(given.project, projects))
        prices = spot.tried(lambda: checked_prices(given.prices, currency, name="prices"))
        if group is None or prices is None:
            return
        article = Article(
            self.tx.new_id(),
            given.article_number,
            given.name,
            given.unit,
            given.supply,
            group,
            prices,
            given.description,
            given.html_description,
            given.recurring,
            given.cost_centre,
            given.pause_policy,
            costs_of(given.costs),
        )
        self.articles.append(SoldArticle(article, project))

    def _project(self, key: str | None, projects: Mapping[str, Project]) -> Project | None:
        """Articles without a project may be sold in every one (F049), also out of reach."""
        if key is not None:
            return _named(projects, key, "project")
        if self.reach is not None:
            raise FieldMissing(
                "without a project every project would sell the article",
                place="project",
                mend=f"Name one of {_keys(projects)}",
            )
        return None


Keyed = TypeVar("Keyed", Project, TaxGroup, ProductGroup)


def _by_key(found: Iterable[Keyed]) -> dict[str, Keyed]:
    return {one.key: one for one in found}


def _named(known: Mapping[str, Named], key: str, field_name: str) -> Named:
    """What the key names; raises NotFound."""
    if key not in known:
        raise NotFound(
            f"there is no “{shortened(key)}”", place=field_name, mend=f"Known: {_keys(known)}"
        )
    return known[key]


def _keys(known: Mapping[str, object]) -> str:
    return shortened(", ".join(sorted(known)) or "none")
