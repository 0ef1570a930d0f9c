"""Contracts with bookings to change, and what is read of them."""

from typing import Any

from tests.services.imports.conftest import House

from faktura.domain.activities import OpenActivity
from faktura.domain.subscriptions import SubscriptionItem
from faktura.services.contract_history import contract_history
from faktura.services.contract_view import contract_subscriptions, show_contract

ONE_OFF: dict[str, Any] = {
    "articleNumber": "SETUP",
    "quantity": "2.5",
    "from": "2026-10-20",
    "invoiceOn": "2026-11-15",
}


def contract(number: str = "V-1", **changes: object) -> dict[str, object]:
    """An active contract of two web hostings a month from 1 October 2026, and a user."""
    return {
        "contractNumber": number,
        "customerNumber": "K-1",
        "start": "2026-10-01",
        "billingInterval": {"unit": "MONTH"},
        "activate": True,
        "subscriptions": [
            {
                "items": [
                    {"articleNumber": "WEB-M", "quantity": "2"},
                    {"articleNumber": "USER", "quantity": "3"},
                ]
            }
        ],
        "activities": [ONE_OFF],
    } | changes


def items(house: House, number: str = "V-1") -> list[SubscriptionItem]:
    """The items of all subscriptions."""
    found = house.read(contract_subscriptions, number)
    return [view.item for subscription in found for view in subscription.items]


def waiting(house: House, number: str = "V-1") -> tuple[OpenActivity, ...]:
    """The activities that wait."""
    activities: tuple[OpenActivity, ...] = house.read(show_contract, number).billable.activities
    return activities


def due(house: House, number: str = "V-1") -> str:
    """When a run next bills something."""
    return str(house.read(show_contract, number).overview.next_due_on)


def act(house: House, function: Any, *args: object, **kwargs: object) -> Any:
    """Do an act of the tenant in its own transaction."""
    return house.write(function, house.tenant, *args, **kwargs)


def last_event(house: House, number: str = "V-1") -> Any:
    """What happened last."""
    return house.read(contract_history, number)[-1]
