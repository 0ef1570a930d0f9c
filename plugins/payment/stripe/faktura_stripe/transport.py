"""The SDK's way out: through the core, so that "not sent" and "answer lost" are told apart.

The SDK's own client does neither (payments 1.1): a body that breaks off escapes as an error of its
library, and a refused connection looks like a lost answer. Imports the SDK: import it in functions.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import stripe
from typing_extensions import override

from faktura.plugin import Http, HttpRequest
from faktura_stripe.answers import check

_LIMIT = timedelta(seconds=50)
_SENT = frozenset(
    {"authorization", "content-type", "idempotency-key", "stripe-version", "user-agent"}
)
"""The SDK also tells Stripe of the machine it runs on; that is nobody's business."""


class CoreTransport(stripe.HTTPClient):
    """Sends what the SDK wrote; raises as `answers.check` and `Http.request` do.

    `stripe_time` is what Stripe's clock said in the latest answer.
    """

    name = "faktura"

    def __init__(self, http: Http) -> None:
        super().__init__()
        self._http = http
        self.stripe_time: datetime | None = None

    @override
    async def request_async(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        post_data: str | None = None,
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Send once."""
        verb = method.upper()
        answer = await self._http.request(
            HttpRequest(
                verb,
                url,
                {name: value for name, value in headers.items() if name.lower() in _SENT}
                | {"User-Agent": f"faktura stripe-python/{stripe.VERSION}"},
                body=None if post_data is None else post_data.encode(),
                limit=_LIMIT,
            )
        )
        self.stripe_time = _time(answer.headers.get("date", ""))
        check(answer, f"{verb} {urlsplit(url).path}")
        # No other header goes further: one of them the SDK would turn into a Python warning.
        return answer.body, answer.status, {"request-id": answer.headers.get("request-id", "")}


def _time(date: str) -> datetime | None:
    try:
        return parsedate_to_datetime(date)
    except ValueError:
        return None
