"""Articles one at a time or by the page: looked up by number, locked, changed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select, update

from faktura.domain.articles import Article
from faktura.store.batches import in_batches
from faktura.store.catalogue import Project, read_articles
from faktura.store.cost_columns import costs_text
from faktura.store.pages import containing, page_after
from faktura.store.tables import article, project
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class SoldArticle:
    """An article with the project that alone sells it (None = every one, F049).

    `changes` counts how often it was changed, prices included.
    """

    article: Article
    project: Project | None
    changes: int = 0


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles are wanted; what is None filters nothing.

    `project_id` wants those of that project alone, `projects` those that one of them may sell:
    theirs and those without a project. `search` is part of a number or name, letters A to Z in
    either case.
    """

    search: str | None = None
    product_group: str | None = None
    project_id: UUID | None = None
    projects: Collection[UUID] | None = None


def list_articles(
    tx: Tx, wanted: ArticleFilter, *, after: str | None = None, limit: int | None = None
) -> list[SoldArticle]:
    """Articles by number, of those behind `after`; at most `limit`."""
    query = _sold(tx)
    for column, value in (
        (article.c.product_group_key, wanted.product_group),
        (article.c.project_id, wanted.project_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.projects is not None:
        theirs = article.c.project_id.in_(wanted.projects)
        query = query.where(or_(article.c.project_id.is_(None), theirs))
    if wanted.search is not None:
        query = query.where(containing(wanted.search, article.c.number, article.c.name))
    rows = tx.connection.execute(page_after(query, article.c.number, after, limit)).all()
    return _with_articles(tx, rows)


def articles_by_number(tx: Tx, numbers: Iterable[str]) -> dict[str, SoldArticle]:
    """Articles of these numbers; those that do not exist are absent."""
    found: dict[str, SoldArticle] = {}
    for batch in in_batches(sorted(set(numbers))):
        rows = tx.connection.execute(_sold(tx).where(article.c.number.in_(batch))).all()
        found.update((sold.article.number, sold) for sold in _with_articles(tx, rows))
    return found


def lock_articles(tx: Tx, numbers: Iterable[str]) -> None:
    """Lock articles in the order of their numbers until the transaction ends.

    Contracts may refer to them meanwhile: nobody waits who only sells.
    """
    for batch in in_batches(sorted(set(numbers))):
        tx.connection.execute(
            select(article.c.id)
            .where(article.c.tenant_id == tx.tenant_id, article.c.number.in_(batch))
            .order_by(article.c.number)
            .with_for_update(key_share=True)
        ).all()


def update_article(tx: Tx, changed: Article) -> None:
    """Store what may change of an article: its name, texts, costs and pause policy."""
    tx.connection.execute(
        update(article)
        .where(article.c.tenant_id == tx.tenant_id, article.c.id == changed.id)
        .values(
            name=changed.name,
            description=changed.description,
            html_description=changed.html_description,
            cost_centre=changed.cost_centre,
            costs=costs_text(changed.costs),
            pause_extends_term=changed.pause_policy.extends_term,
            pause_billed_later=changed.pause_policy.billed_later,
            whole_periods_only=changed.pause_policy.whole_periods_only,
            changes=article.c.changes + 1,
        )
    )


def _sold(tx: Tx) -> Select[Any]:
    return (
        select(
            article.c.id,
            article.c.changes,
            article.c.project_id,
            project.c.key.label("project_key"),
            project.c.name.label("project_name"),
            project.c.api_enabled,
        )
        .outerjoin(
            project,
            (project.c.tenant_id == article.c.tenant_id) & (project.c.id == article.c.project_id),
        )
        .where(article.c.tenant_id == tx.tenant_id)
    )


def _with_articles(tx: Tx, rows: Sequence[Any]) -> list[SoldArticle]:
    articles = read_articles(tx, [row.id for row in rows]).articles
    return [
        SoldArticle(
            articles[row.id],
            None
            if row.project_id is None
            else Project(row.project_id, row.project_key, row.project_name, row.api_enabled),
            row.changes,
        )
        for row in rows
    ]
