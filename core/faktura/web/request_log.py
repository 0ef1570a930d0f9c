"""Log lines that say which request they belong to, whoever writes them and in which thread."""

import logging
from contextvars import ContextVar
from uuid import UUID

from typing_extensions import override

# asyncio.to_thread carries it into the threads of services and store.
CURRENT_REQUEST: ContextVar[UUID | None] = ContextVar("current_request", default=None)

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s%(of_request)s"


class OfRequest(logging.Filter):
    """Gives a record `of_request`: ` request=0199…`, nothing outside of a request."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        request_id = CURRENT_REQUEST.get()
        record.of_request = "" if request_id is None else f" request={request_id}"
        return True


def log_to_standard_error(level: int) -> None:
    """Write lines of `level` and above, those of a request with its id."""
    handler = logging.StreamHandler()
    handler.addFilter(OfRequest())
    handler.setFormatter(logging.Formatter(_FORMAT))
    logging.basicConfig(level=level, handlers=[handler])
