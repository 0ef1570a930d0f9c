"""HTML from templates: escaped by default, in the reader's language, with addresses of our routes."""

from functools import partial
from importlib.metadata import version

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from faktura.web import assets
from faktura.web.addresses import address
from faktura.web.formats import FORMATTERS
from faktura.web.forms import form_token, keep_form_token
from faktura.web.keys import REQUEST_ID, SIGNED_IN
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
    request: web.Request,
    template: str,
    *,
    status: int = 200,
    language: Language | None = None,
    **values: object,
) -> web.Response:
    """The page of that template with `values`, and with what every page knows.

    Without a `language` it is the reader's.
    """
    language = language or language_of(request)
    html = (
        request.app[TEMPLATES]
        .get_template(template)
        .render(
            {name: partial(write, language=language) for name, write in FORMATTERS.items()},
            t=partial(text, language),
            url=partial(address, request),
            form_token=partial(form_token, request),
            signed_in=request.get(SIGNED_IN),
            lang=language.value,
            other_languages=[
                (other.value, _in_language(request, other))
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
    response = web.Response(text=html, status=status, content_type="text/html", charset="utf-8")
    keep_form_token(request, response)
    return response


def _in_language(request: web.Request, language: Language) -> str:
    # No path: one of `//host` would lead to another host.
    return f"?{request.rel_url.update_query(lang=language.value).raw_query_string}"
