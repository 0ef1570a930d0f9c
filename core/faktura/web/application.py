"""The web application: its doors, and what every request passes on its way to a page."""

from aiohttp import web
from aiohttp.typedefs import Handler

from faktura.bootstrap import App
from faktura.web import assets
from faktura.web.admin.routes import ADMIN
from faktura.web.doors import check_host
from faktura.web.errors import error_pages
from faktura.web.exchange import exchange
from faktura.web.health import health
from faktura.web.keys import APP
from faktura.web.pages import TEMPLATES, open_templates

# Nothing that is read-only takes a body; a later door that needs more says so itself.
_LARGEST_BODY = 16 * 1024


def create_app(app: App) -> web.Application:
    """The application on an open App; the caller closes the App after the application."""
    application = web.Application(
        middlewares=[exchange, error_pages, _admitted], client_max_size=_LARGEST_BODY
    )
    application[APP] = app
    application[TEMPLATES] = open_templates()
    application.router.add_get("/", health, name="health")
    for asset in (assets.STYLESHEET, assets.ICON):
        application.router.add_get(asset.address, asset.answer)
    application.router.add_get("/favicon.ico", assets.ICON.answer)
    application.add_routes(ADMIN)
    return application


@web.middleware
async def _admitted(request: web.Request, handler: Handler) -> web.StreamResponse:
    check_host(request)
    if (request.content_length or 0) > _LARGEST_BODY:
        raise web.HTTPRequestEntityTooLarge(_LARGEST_BODY, request.content_length or 0)
    return await handler(request)
