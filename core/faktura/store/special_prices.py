"""Special prices of an item that exists (F048)."""

from sqlalchemy import update

from faktura.domain.articles import Price
from faktura.domain.subscriptions import SubscriptionItem
from faktura.store.codec import to_json
from faktura.store.tables import subscription_item
from faktura.store.transaction import Tx


def set_special_prices(tx: Tx, item: SubscriptionItem) -> None:
    """Write the item's special prices as they are now."""
    tx.connection.execute(
        update(subscription_item)
        .where(subscription_item.c.tenant_id == tx.tenant_id, subscription_item.c.id == item.id)
        .values(special_prices=to_json(item.special_prices, tuple[Price, ...]))
    )
