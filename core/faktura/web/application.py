"""The web application: its doors, and what every request passes on its way to a page."""

import asyncio

from aiohttp import web
from aiohttp.typedefs import Handler

from faktura.bootstrap import App
from faktura.bootstrap.instruments import Instruments
from faktura.flows.sign_in import PasswordSignIn
from faktura.web import assets, sign_in
from faktura.web.admin.routes import ADMIN
from faktura.web.api.application import PREFIX, create_api
from faktura.web.attempts import Attempts
from faktura.web.bank_callbacks import PREFIX as CALLBACKS
from faktura.web.bank_callbacks import create_callbacks
from faktura.web.connect import CONNECT, connected
from faktura.web.doors import check_host
from faktura.web.errors import error_pages
from faktura.web.exchange import exchange
from faktura.web.forms import check_form
from faktura.web.health import health
from faktura.web.keys import APP, SIGNED_IN
from faktura.web.monitoring import PATHS as PROBES
from faktura.web.monitoring import add_monitoring
from faktura.web.pages import TEMPLATES, open_templates
from faktura.web.pay.routes import add_pay_pages
from faktura.web.receiver import PREFIX as WEBHOOKS
from faktura.web.receiver import create_receiver
from faktura.web.sessions import is_open, recognise, way_to_sign_in

# What a form of a page holds; a door that takes more is an application of its own.
_LARGEST_BODY = 16 * 1024
# A form comes at once; who sends a byte a minute holds a connection of everybody's.
_PATIENCE_SECONDS = 30

_SIGN_IN = (
    web.get("/sign-in", sign_in.sign_in_page, name="sign_in"),
    web.post("/sign-in", sign_in.sign_in, name="sign_in"),
    # Who only asks for its head must not use a link up.
    web.get("/sign-in/link", sign_in.link_opened, name="sign_in_link", allow_head=False),
    web.post("/sign-in/link", sign_in.link_confirmed, name="sign_in_link"),
    web.post("/sign-out", sign_in.sign_out, name="sign_out"),
)


def create_app(app: App) -> web.Application:
    """The application on an open App; the caller closes the App after the application."""
    application = web.Application(
        middlewares=[exchange, error_pages, _called_by_name, _page_guard],
        client_max_size=_LARGEST_BODY,
    )
    application[APP] = app
    application[TEMPLATES] = open_templates()
    application[sign_in.ATTEMPTS] = Attempts(app.clock)
    application[sign_in.PASSWORD_SIGN_IN] = PasswordSignIn(app.database, app.passwords)
    application.router.add_get("/", health, name="health")
    add_monitoring(application, app, Instruments())
    for name, asset in (("stylesheet", assets.STYLESHEET), ("icon", assets.ICON)):
        application.router.add_get(asset.address, asset.answer, name=name)
    application.router.add_get("/favicon.ico", assets.ICON.answer, name="favicon")
    application.add_routes(_SIGN_IN)
    application.add_routes(ADMIN)
    add_pay_pages(application)
    # Who only asks for its head must not use the login up.
    application.router.add_get(CONNECT, connected, name="connect", allow_head=False)
    application.add_subapp(PREFIX, create_api(app))
    application.add_subapp(WEBHOOKS, create_receiver(app))
    application.add_subapp(CALLBACKS, create_callbacks())
    return application


@web.middleware
async def _called_by_name(request: web.Request, handler: Handler) -> web.StreamResponse:
    # A probe or a scraper asks by address.
    if request.path not in PROBES:
        check_host(request)
    return await handler(request)


@web.middleware
async def _page_guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let through to a page who is signed in and sends only forms of ours.

    A sub-application has doors of its own, and no request of it ever uses a session.
    """
    matched = request.match_info
    if matched.apps[-1] is not request.app:
        return await handler(request)
    if (request.content_length or 0) > _LARGEST_BODY:
        raise web.HTTPRequestEntityTooLarge(_LARGEST_BODY, request.content_length or 0)
    if matched.http_exception is None:
        if not is_open(request):
            await recognise(request)
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await check_form(request)
        if not is_open(request) and SIGNED_IN not in request:
            return way_to_sign_in(request)
    return await handler(request)
