"""Facts about customers and articles, with the states that REST shows (F116)."""

from typing import ClassVar

from pydantic import Field

from faktura.web.api.events.envelope import Told
from faktura.web.api.resources.customer_answers import CustomerAnswer
from faktura.web.api.resources.item_answers import ItemAnswer

_NOW = "As REST shows it, after the fact; absent once 30 days are over."
_OLD = "As REST showed it before the fact; absent once 30 days are over."


class CustomerCreated(Told):
    """A customer was added."""

    about: ClassVar[tuple[str, ...]] = ("customer",)

    customer_number: str = Field(description="The customer.")
    number: str = Field(description="The same.")
    customer: CustomerAnswer | None = Field(default=None, description=_NOW)


class CustomerChanged(Told):
    """A customer's record changed: by hand, by a file, by a mandate or by what follows a return."""

    about: ClassVar[tuple[str, ...]] = ("customer",)

    customer_number: str = Field(description="The customer.")
    reason: str | None = Field(default=None, description="What it followed, where that is known.")
    customer: CustomerAnswer | None = Field(default=None, description=_NOW)
    old_customer: CustomerAnswer | None = Field(default=None, description=_OLD)


class CustomerDeleted(Told):
    """A customer was deleted; nothing referred to it."""

    about: ClassVar[tuple[str, ...]] = ("customer",)

    customer_number: str = Field(description="The customer; the number is free again.")
    old_customer: CustomerAnswer | None = Field(default=None, description=_OLD)


class ItemCreated(Told):
    """An article was added."""

    about: ClassVar[tuple[str, ...]] = ("item",)

    number: str = Field(description="The article's number.")
    item: ItemAnswer | None = Field(default=None, description=_NOW)


class ItemChanged(Told):
    """An article's texts, costs or pause policy changed, or it got new prices."""

    about: ClassVar[tuple[str, ...]] = ("item",)

    number: str = Field(description="The article's number.")
    item: ItemAnswer | None = Field(default=None, description=_NOW)
    old_item: ItemAnswer | None = Field(default=None, description=_OLD)


class ItemDeleted(Told):
    """An article was deleted; nothing referred to it."""

    about: ClassVar[tuple[str, ...]] = ("item",)

    number: str = Field(description="The article's number; it is free again.")
    old_item: ItemAnswer | None = Field(default=None, description=_OLD)
