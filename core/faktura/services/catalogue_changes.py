"""One article looked at, changed, or given new prices; an article's number never changes."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from uuid import UUID

from faktura.domain.articles import Article
from faktura.domain.events import EventType
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import NotFound
from faktura.kernel.request_errors import Forbidden
from faktura.services.contract_dues import reschedule
from faktura.services.imports.article_events import tell_of_articles
from faktura.services.imports.catalogue_file import ArticleChangeFields, ArticleFields
from faktura.services.imports.cost_fields import cost_fields, costs_of
from faktura.services.imports.entries import Form
from faktura.services.imports.fixed_fields import refuse_fixed
from faktura.services.imports.price_fields import NewPricesFields
from faktura.services.imports.prices import add_prices_of
from faktura.services.imports.validation import fields_of
from faktura.services.merge_patch import merged
from faktura.store.articles import SoldArticle, articles_by_number, lock_articles, update_article
from faktura.store.customers import lock_customers
from faktura.store.subscriptions import paused_contracts
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx


def visible_article(tx: Tx, number: str, projects: Collection[UUID] | None = None) -> SoldArticle:
    """The article, where one of `projects` (None: any) may sell it (F049); raises NotFound."""
    sold = articles_by_number(tx, [number]).get(number)
    if sold is None or not _is_visible(sold, projects):
        raise NotFound(f"there is no article {number}", place="articleNumber")
    return sold


def locked_article(tx: Tx, number: str, projects: Collection[UUID] | None = None) -> SoldArticle:
    """The article, read once nobody else can change it until the transaction ends.

    Raises NotFound, and Forbidden where other projects than `projects` sell it too.
    """
    lock_articles(tx, [number])
    sold = visible_article(tx, number, projects)
    if projects is not None and sold.project is None:
        raise Forbidden(
            f"article {number} is sold by every project",
            place="articleNumber",
            mend="Use a key that reaches all projects",
        )
    return sold


def changed_article(tx: Tx, current: SoldArticle, patch: Mapping[str, object]) -> SoldArticle:
    """The locked article after a merge patch over the fields of ArticleChangeFields.

    A patch that changes nothing writes nothing. Raises FieldsRefused with all that is wrong.
    """
    refuse_fixed(patch, ArticleFields, ArticleChangeFields)
    article = current.article
    given = fields_of(
        ArticleChangeFields, merged(changeable_article_fields(article), patch), Form.REST
    )
    changed = replace(
        article,
        name=given.name,
        description=given.description,
        html_description=given.html_description,
        cost_centre=given.cost_centre,
        costs=costs_of(given.costs),
        pause_policy=given.pause_policy,
    )
    if changed == article:
        return current
    update_article(tx, changed)
    if changed.pause_policy != article.pause_policy:
        _reschedule_paused(tx, changed)
    now = replace(current, article=changed, changes=current.changes + 1)
    tell_of_articles(tx, EventType.ITEM_CHANGED, [now], {changed.id: current})
    return now


def _reschedule_paused(tx: Tx, article: Article) -> None:
    """What is paused now or was before may fall due on other days under the new policy (P10)."""
    paused = paused_contracts(tx, article.id)
    lock_customers(tx, set(paused.values()))
    reschedule(tx, read_tenant(tx), paused)


def repriced_article(
    tx: Tx, tenant: Tenant, current: SoldArticle, given: NewPricesFields
) -> SoldArticle:
    """The locked article with these prices behind its own (F047); raises FieldsRefused."""
    add_prices_of(tx, tenant, current.article.number, given)
    return visible_article(tx, current.article.number)


def changeable_article_fields(article: Article) -> dict[str, object]:
    """Every field of ArticleChangeFields as JSON has it; None where there is nothing."""
    return {
        "name": article.name,
        "description": article.description,
        "htmlDescription": article.html_description,
        "costCentre": article.cost_centre,
        "costs": cost_fields(article.costs),
        "pauseExtendsTerm": article.pause_policy.extends_term,
        "pauseBilledLater": article.pause_policy.billed_later,
        "pauseWholePeriodsOnly": article.pause_policy.whole_periods_only,
    }


def _is_visible(sold: SoldArticle, projects: Collection[UUID] | None) -> bool:
    return projects is None or sold.project is None or sold.project.id in projects
