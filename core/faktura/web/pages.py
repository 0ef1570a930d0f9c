"""HTML from templates: escaped by default, in the reader's language, with addresses of our routes."""

from functools import partial
from importlib.metadata import version

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from faktura.web import assets
from faktura.web.formats import FORMATTERS
from faktura.web.keys import REQUEST_ID
from faktura.web.language import Language, asked_language, language_of
from faktura.web.texts import text

TEMPLATES = web.AppKey("templates", Environment)


def open_templates() -> Environment:
    """The templates of this package; an unknown name in one is an error, never an empty place."""
    return Environment(
        loader=PackageLoader("faktura.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def page(
    request: web.Request, template: str, *, status: int = 200, **values: object
) -> web.Response:
    """The page of that template with `values`, and with what every page knows."""
    language = language_of(request)
    html = (
        request.app[TEMPLATES]
        .get_template(template)
        .render(
            {name: partial(write, language=language) for name, write in FORMATTERS.items()},
            t=partial(text, language),
            url=partial(_url, request),
            lang=language.value,
            other_languages=[
                (other.value, str(request.rel_url.update_query(lang=other.value)))
                for other in Language
                if other is not language
            ],
            stylesheet=assets.STYLESHEET.address,
            icon=assets.ICON.address,
            version=version("faktura"),
            asked_language=asked_language(request),
            request_id=request[REQUEST_ID],
            status=status,
            **values,
        )
    )
    return web.Response(text=html, status=status, content_type="text/html", charset="utf-8")


def _url(
    request: web.Request, route: str, /, *, query: dict[str, str] | None = None, **parts: str
) -> str:
    """The address of a named route; a language that was asked for by name goes along."""
    asked = asked_language(request)
    given = {name: value for name, value in (query or {}).items() if value}
    if asked is not None:
        given["lang"] = asked.value
    return str(request.app.router[route].url_for(**parts).with_query(given))
