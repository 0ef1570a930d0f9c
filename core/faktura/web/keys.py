"""What the application and each request carry, by typed keys."""

from uuid import UUID

from aiohttp import web

from faktura.bootstrap import App
from faktura.services.sign_in import SignedIn

APP = web.AppKey("app", App)
REQUEST_ID = web.RequestKey("request_id", UUID)
# Who asks; on every page but those that are open to all.
SIGNED_IN = web.RequestKey("signed_in", SignedIn)
# The routes of the pages on which customers pay: a token opens them, nobody signs in.
PAY_NAMES = frozenset(
    {
        "pay",
        "pay_return",
        "pay_fields",
        "pay_result",
        "pay_document",
        "pay_method",
        "pay_method_return",
        "pay_method_fields",
        "pay_method_result",
    }
)
