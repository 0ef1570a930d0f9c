"""Facts about articles: that they came, changed, went; with their records for subscribers (F116)."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from faktura.domain.events import Event, EventType
from faktura.services.event_states import State, item_state
from faktura.services.outbox import announce
from faktura.store.articles import SoldArticle
from faktura.store.events import next_sequences
from faktura.store.facts import Facts, write_facts
from faktura.store.transaction import Tx

_NONE: Mapping[UUID, SoldArticle] = {}


def tell_of_articles(
    tx: Tx,
    what: EventType,
    articles: Sequence[SoldArticle],
    before: Mapping[UUID, SoldArticle] = _NONE,
) -> None:
    """One event for each article; `before` are those that changed, as they were.

    The caller has locked or made them.
    """
    if not articles:
        return
    sequences = next_sequences(tx, [sold.article.id for sold in articles])
    events = [
        Event(
            what,
            "item",
            sold.article.id,
            sequences[sold.article.id],
            {"number": sold.article.number},
            after=_state(sold),
            before=_state(before[sold.article.id]) if sold.article.id in before else None,
        )
        for sold in articles
    ]
    announce(tx, write_facts(tx, Facts(events=events)))


def tell_of_deleted(tx: Tx, gone: SoldArticle) -> None:
    """The event of an article that is deleted; the caller has locked it."""
    article = gone.article
    event = Event(
        EventType.ITEM_DELETED,
        "item",
        article.id,
        next_sequences(tx, [article.id])[article.id],
        {"number": article.number},
        before=_state(gone),
    )
    announce(tx, write_facts(tx, Facts(events=[event])))


def _state(sold: SoldArticle) -> State:
    return item_state(sold.article, None if sold.project is None else sold.project.key)
