"""What the application and each request carry, by typed keys."""

from uuid import UUID

from aiohttp import web

from faktura.bootstrap import App
from faktura.services.sign_in import SignedIn

APP = web.AppKey("app", App)
REQUEST_ID = web.RequestKey("request_id", UUID)
# Who asks; on every page but those that are open to all.
SIGNED_IN = web.RequestKey("signed_in", SignedIn)
