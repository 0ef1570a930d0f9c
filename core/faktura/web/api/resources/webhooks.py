"""Webhooks: endpoints that facts are sent to, signed as Standard Webhooks has it (F116, F117)."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.domain.events import EventType
from faktura.domain.webhooks import Endpoint
from faktura.flows.messengers import Told
from faktura.flows.webhook_pings import ping_endpoint
from faktura.kernel.outbox_terms import EndpointState
from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import Line
from faktura.services.imports.value_fields import as_word
from faktura.services.webhook_endpoints import (
    EndpointWish,
    add_endpoint,
    change_endpoint,
    delete_endpoint,
    pause_endpoint,
    resume_endpoint,
    rotate_endpoint,
)
from faktura.store.webhooks import endpoint_of_id, list_endpoints
from faktura.web.api.call import Call, Flow, Nothing
from faktura.web.api.operation import Resource
from faktura.web.api.patches import Patch, patch_of
from faktura.web.api.paths import id_of
from faktura.web.api.replies import Answer, Created, Page
from faktura.web.api.shapes import Moment

WEBHOOKS = Resource("Webhooks", "Where facts are sent to as they happen, of all projects.")

EventWord = Annotated[EventType, as_word(EventType)]

_ONE = "/Webhooks/{webhookId}"
_ID = "webhookId"


class WebhookFields(Fields):
    """An endpoint that facts are sent to."""

    url: str = Field(
        description="Where to: https, a host of the open net, at most 2,000 characters.",
        max_length=2_000,
        examples=["https://hooks.example.com/faktura"],
    )
    event_types: list[EventWord] = Field(
        default=[], description="Which types of events are sent; none: all."
    )
    description: Line = Field(default="", description="Whose it is, for people.")


class WebhookAnswer(Answer):
    """An endpoint and how it is doing."""

    webhook_id: UUID = Field(description="What names the endpoint in addresses.")
    url: str = Field(description="Where to.")
    event_types: tuple[EventType, ...] = Field(description="Which types are sent; none: all.")
    description: str = Field(description="Whose it is.")
    state: EndpointState = Field(
        description="PAUSED by a person; DISABLED: three days of failures. Facts wait meanwhile."
    )
    failures: int = Field(description="Attempts since the last one that it took.")
    failing_since: Moment | None = Field(description="Since when it took nothing.")
    next_try_at: Moment | None = Field(description="Until when it is left alone; null: it is not.")
    last_delivered_at: Moment | None = Field(description="When it took something last.")
    problem: str | None = Field(description="Why it took nothing.")
    rotated_at: Moment | None = Field(
        description="When its secret was replaced; the old one signs along for 24 hours."
    )
    created_at: Moment = Field(description="Since when it is there.")
    secret: str | None = Field(
        description="What its receiver proves webhooks by, `whsec_` and base64: shown once, when it is"
        " added or its secret replaced. Null else, also where such a request comes again."
    )

    @classmethod
    def of(cls, one: Endpoint, secret: str | None = None) -> Self:
        """The answer."""
        return cls(
            webhook_id=one.id,
            url=one.url,
            event_types=tuple(sorted(EventType(word) for word in one.event_types)),
            description=one.description,
            state=one.state,
            failures=one.failures,
            failing_since=one.failing_since,
            next_try_at=one.next_try_at,
            last_delivered_at=one.last_delivered_at,
            problem=one.problem or None,
            rotated_at=one.rotated_at,
            created_at=one.created_at,
            secret=secret,
        )


class PingAnswer(Answer):
    """What an endpoint answered to a ping."""

    taken: bool = Field(description="Whether it answered 2xx.")
    status: int | None = Field(description="The status it answered; null: it did not answer.")
    answer: str = Field(description="The beginning of what it said.")
    milliseconds: int = Field(description="How long it took.")
    problem: str | None = Field(description="Why it was not taken.")

    @classmethod
    def of(cls, told: Told) -> Self:
        """The answer."""
        return cls(
            taken=told.taken,
            status=told.status,
            answer=told.answer,
            milliseconds=told.milliseconds,
            problem=told.error["problem"] if told.error else None,
        )


@WEBHOOKS.get("/Webhooks", Scope.WEBHOOKS_READ)
def webhook_list(call: Call[Nothing, Nothing]) -> Page[WebhookAnswer]:
    """All endpoints, oldest first, on one page."""
    found = list_endpoints(call.tx)
    return Page(data=[WebhookAnswer.of(one) for one in found], next_cursor=None)


@WEBHOOKS.post("/Webhooks", Scope.WEBHOOKS_WRITE)
def webhook_create(call: Call[Nothing, WebhookFields]) -> Created[WebhookAnswer]:
    """Send what happens from now on to an address; its secret is shown this once.

    Addresses of private networks are refused, whatever spelling, and so are ports below 1024 but 443.
    """
    given = call.body
    wish = EndpointWish(given.url, given.event_types, given.description)
    added, secret = add_endpoint(call.tx, call.app.keys, wish, call.app.settings.private_hosts)
    return _with_secret(added, secret)


@WEBHOOKS.get(_ONE, Scope.WEBHOOKS_READ, tagged=True)
def webhook_get(call: Call[Nothing, Nothing]) -> WebhookAnswer:
    """One endpoint."""
    return WebhookAnswer.of(endpoint_of_id(call.tx, id_of(call.path, _ID)))


@WEBHOOKS.patch(_ONE, Scope.WEBHOOKS_WRITE, patch_of("WebhookPatch", WebhookFields))
def webhook_update(call: Call[Nothing, Patch]) -> WebhookAnswer:
    """Change address, types or description; what waits already is sent whatever types are wanted now."""
    webhook_id = id_of(call.path, _ID)
    present = endpoint_of_id(call.tx, webhook_id, lock=True)
    call.check_unchanged(WebhookAnswer.of(present))
    named = call.body.model_dump(exclude_unset=True)
    wish = EndpointWish(
        named.get("url"),
        (named["event_types"] or ()) if "event_types" in named else None,
        (named["description"] or "") if "description" in named else None,
    )
    return WebhookAnswer.of(
        change_endpoint(call.tx, webhook_id, wish, call.app.settings.private_hosts)
    )


@WEBHOOKS.post(f"{_ONE}/rotate", Scope.WEBHOOKS_WRITE)
def webhook_rotate(call: Call[Nothing, Nothing]) -> Created[WebhookAnswer]:
    """Make a new secret and show it this once; the old one signs along for 24 hours."""
    rotated, secret = rotate_endpoint(call.tx, call.app.keys, id_of(call.path, _ID))
    return _with_secret(rotated, secret)


@WEBHOOKS.post(f"{_ONE}/pause", Scope.WEBHOOKS_WRITE)
def webhook_pause(call: Call[Nothing, Nothing]) -> WebhookAnswer:
    """Send it nothing until it is resumed; what happens meanwhile waits."""
    return WebhookAnswer.of(pause_endpoint(call.tx, id_of(call.path, _ID)))


@WEBHOOKS.post(f"{_ONE}/resume", Scope.WEBHOOKS_WRITE)
def webhook_resume(call: Call[Nothing, Nothing]) -> WebhookAnswer:
    """Send it everything that waits, also where it was switched off or left alone."""
    return WebhookAnswer.of(resume_endpoint(call.tx, id_of(call.path, _ID)))


@WEBHOOKS.post(f"{_ONE}/ping", Scope.WEBHOOKS_WRITE)
async def webhook_ping(call: Flow[Nothing, Nothing]) -> PingAnswer:
    """Send it a signed webhook of type PING that tells no fact, whatever its state."""
    app = call.app
    told = await ping_endpoint(
        app.database,
        app.keys,
        call.tenant.id,
        id_of(call.path, _ID),
        app.settings.private_hosts,
        app.settings.sandbox_hosts,
    )
    return PingAnswer.of(told)


@WEBHOOKS.delete(_ONE, Scope.WEBHOOKS_WRITE)
def webhook_delete(call: Call[Nothing, Nothing]) -> WebhookAnswer:
    """Remove it with its secret; what waits for it is given up. Answers what it was."""
    webhook_id = id_of(call.path, _ID)
    present = endpoint_of_id(call.tx, webhook_id)
    delete_endpoint(call.tx, webhook_id)
    return WebhookAnswer.of(present)


def _with_secret(one: Endpoint, secret: str) -> Created[WebhookAnswer]:
    """Answers are kept for requests that come again: in clear, so the secret is not kept with them."""
    location = f"/Webhooks/{one.id}"
    return Created(WebhookAnswer.of(one, secret), location, WebhookAnswer.of(one))
