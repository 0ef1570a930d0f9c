"""Posts each fact as JSON, under the id of its delivery: one request, nothing kept."""

from typing import ClassVar, cast

from faktura.plugin import AdapterSettings, EventData, EventListener, HttpRequest
from typing_extensions import override

from faktura_ref_events.mapping import body_of, check_taken
from faktura_ref_events.settings import RefEventsSettings


class RefEventListener(EventListener):
    """Passes on what becomes of invoices and payments."""

    listens_to: ClassVar[frozenset[str]] = frozenset()
    Settings: ClassVar[type[AdapterSettings]] = RefEventsSettings

    @override
    async def handle(self, event: EventData) -> None:
        """Post it; raises what check_taken says, and what the way out does."""
        settings = cast("RefEventsSettings", self.settings)
        headers = {
            "authorization": f"Bearer {settings.key.get_secret_value()}",
            "content-type": "application/json",
            "idempotency-key": str(event.delivery_id),
        }
        request = HttpRequest("POST", f"{settings.url}/facts", headers, body_of(event))
        check_taken(await self.runtime.http.request(request))
