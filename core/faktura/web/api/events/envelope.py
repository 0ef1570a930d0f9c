"""The envelope that every webhook has: who, what, when, about which object."""

from datetime import datetime
from typing import ClassVar, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Told(BaseModel):
    """What a fact says; a field with a default may be absent."""

    about: ClassVar[tuple[str, ...]] = ()
    """The types of object that such a fact is about."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True
    )


class EventObject(BaseModel):
    """What a fact is about."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: str = Field(description="The kind of object.")
    id: UUID = Field(description="The same over all facts of the object.")
    number: str | None = Field(
        default=None, description="What people call it; absent where it has no number."
    )


T = TypeVar("T", bound=Told)


class EventBody(BaseModel, Generic[T]):
    """The body of a webhook, the same over all tries to deliver it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: UUID = Field(description="Of the delivery, as in the header `webhook-id`: tells a repeat.")
    type: str = Field(description="The type of event.")
    tenant: str = Field(description="The key of the tenant it happened in, as in `faktura-tenant`.")
    sequence: int = Field(ge=1, description="Counts the object's facts from 1, without gaps.")
    occurred_at: datetime = Field(description="When it happened, UTC.")
    object: EventObject
    data: T
