"""Facts about articles: that they came or changed."""

from collections.abc import Sequence

from faktura.domain.articles import Article
from faktura.domain.events import Event, EventType
from faktura.services.outbox import announce
from faktura.store.events import next_sequences
from faktura.store.facts import Facts, write_facts
from faktura.store.transaction import Tx


def tell_of_articles(tx: Tx, what: EventType, articles: Sequence[Article]) -> None:
    """One event for each article; the caller has locked or made them."""
    if not articles:
        return
    sequences = next_sequences(tx, [article.id for article in articles])
    events = [
        Event(what, "item", article.id, sequences[article.id], {"number": article.number})
        for article in articles
    ]
    announce(tx, write_facts(tx, Facts(events=events)))
