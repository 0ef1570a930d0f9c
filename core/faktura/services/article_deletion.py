"""An article that nothing refers to goes for good; issued documents have a copy of their own."""

from faktura.kernel.errors import Conflict
from faktura.services.customer_deletion import referring
from faktura.services.imports.article_events import tell_of_deleted
from faktura.store.articles import SoldArticle
from faktura.store.deletions import (
    delete_article_row,
    lock_article_to_delete,
    references_to_article,
)
from faktura.store.transaction import Tx


def delete_article(tx: Tx, present: SoldArticle) -> SoldArticle:
    """Delete the locked article with its prices; its number is free again. Gives what it was.

    Raises Conflict naming what refers to it: subscriptions, activities (billed ones, too),
    discounts, commission rules, contract templates.
    """
    article = present.article
    lock_article_to_delete(tx, article.id)
    found = references_to_article(tx, article.id, article.number)
    if found:
        raise Conflict(
            f"article {article.number} stays: {referring(found)} refer to it",
            place="articleNumber",
            mend="Leave it, or end and remove what sells it first",
        )
    tell_of_deleted(tx, present)
    delete_article_row(tx, article.id)
    return present
