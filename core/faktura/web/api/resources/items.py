"""Articles: create, find, change their texts, give them new prices (F046-F051)."""

from typing import Any
from uuid import UUID

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.services.article_deletion import delete_article
from faktura.services.catalogue_changes import (
    changed_article,
    locked_article,
    repriced_article,
    visible_article,
)
from faktura.services.imports.catalogue import create_article
from faktura.services.imports.catalogue_file import ArticleChangeFields, ArticleFields
from faktura.services.imports.price_fields import NewPricesFields
from faktura.services.imports.text_fields import Line, Number
from faktura.services.projects import choose_project
from faktura.store.articles import ArticleFilter, SoldArticle, list_articles
from faktura.store.catalogue import list_projects
from faktura.web.api.call import Call, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.patches import Patch, patch_of
from faktura.web.api.replies import Created, Page, page
from faktura.web.api.resources.item_answers import ItemAnswer

ITEMS = Resource("Items", "Articles: what is sold, and for how much.")

_ONE = "/Items/{articleNumber}"
_CHANGES = patch_of("ItemPatch", ArticleChangeFields)


class ItemQuery(Paged):
    """Which articles; several conditions hold together."""

    search: Line | None = Field(default=None, description="A part of the number or the name.")
    project: Number | None = Field(
        default=None, description="Articles that the project of this key alone sells (F049)."
    )
    product_group: Number | None = Field(
        default=None, description="Articles of the product group of this key."
    )


@ITEMS.get("/Items", Scope.CATALOGUE_READ)
def item_list(call: Call[ItemQuery, Nothing]) -> Page[ItemAnswer]:
    """Articles by number, a page at a time: those of the key's projects and those of none."""
    query = call.query
    wanted = ArticleFilter(
        query.search, query.product_group, _project_id(call), call.access.projects
    )
    found = list_articles(call.tx, wanted, after=query.after(), limit=query.limit + 1)
    return page(found, query.limit, lambda one: cursor_of(one.article.number), ItemAnswer.of)


@ITEMS.post("/Items", Scope.CATALOGUE_WRITE)
def item_create(call: Call[Nothing, ArticleFields]) -> Created[ItemAnswer]:
    """Add an article with its prices (F046, F047).

    Without `project` every project sells it (F049): only a key for all projects may add such a
    one.
    """
    reach = _may_change(call, shared=call.body.project is None)
    new = create_article(call.tx, call.tenant, call.body, reach)
    return Created(ItemAnswer.of(new), f"/Items/{new.article.number}")


@ITEMS.get(_ONE, Scope.CATALOGUE_READ, tagged=True)
def item_get(call: Call[Nothing, Nothing]) -> ItemAnswer:
    """One article."""
    return ItemAnswer.of(_visible(call))


@ITEMS.patch(_ONE, Scope.CATALOGUE_WRITE, _CHANGES)
def item_update(call: Call[Nothing, Patch]) -> ItemAnswer:
    """Change an article's name, texts (F050) and cost centre; issued documents keep what they have.

    An article that every project sells is changed only by a key for all projects.
    """
    present = _locked(call)
    call.check_unchanged(ItemAnswer.of(present))
    return ItemAnswer.of(changed_article(call.tx, present, call.body.values()))


@ITEMS.delete(_ONE, Scope.CATALOGUE_WRITE)
def item_delete(call: Call[Nothing, Nothing]) -> ItemAnswer:
    """Delete an article that nothing refers to; answers what it was. 409 says what refers to it.

    Issued documents keep what they have. An article that every project sells is deleted only by a
    key for all projects.
    """
    return ItemAnswer.of(delete_article(call.tx, _locked(call)))


@ITEMS.post(f"{_ONE}/Prices", Scope.CATALOGUE_WRITE)
def item_prices_add(call: Call[Nothing, NewPricesFields]) -> Created[ItemAnswer]:
    """Add prices; none is ever changed or removed (F046, F047).

    Of several that are valid on a day the one with the latest `validFrom` counts: a new price
    takes over on its day.
    """
    changed = repriced_article(call.tx, call.tenant, _locked(call), call.body)
    return Created(ItemAnswer.of(changed), f"/Items/{changed.article.number}")


def _project_id(call: Call[ItemQuery, Nothing]) -> UUID | None:
    """The project that is asked for; raises NotFound for one that the key does not reach."""
    if call.query.project is None:
        return None
    reached = list_projects(call.tx, projects=call.access.projects)
    return choose_project({one.key: one for one in reached}, call.query.project).id


def _visible(call: Call[Any, Any]) -> SoldArticle:
    return visible_article(call.tx, call.path["articleNumber"], call.access.projects)


def _locked(call: Call[Any, Any]) -> SoldArticle:
    seen = _visible(call)
    return locked_article(
        call.tx, seen.article.number, _may_change(call, shared=seen.project is None)
    )


def _may_change(call: Call[Any, Any], *, shared: bool) -> frozenset[UUID] | None:
    """Whose articles the key may change; None where it may change one that every project sells."""
    if shared and call.access.key.project_id is None:
        return None
    return call.access.projects
