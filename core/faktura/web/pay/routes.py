"""Where the pages on which customers pay lie: behind a token, never behind a sign-in."""

from aiohttp import web

from faktura.web.attempts import Attempts
from faktura.web.keys import APP
from faktura.web.pay import means, payment
from faktura.web.pay.links import TOKEN, WRONG_LINKS

_PAY = f"/pay/{TOKEN}"
_METHOD = f"{_PAY}/method"
_PAGE = f"{_METHOD}/{{page:[0-9a-f-]{{36}}}}"

_ROUTES = (
    web.get(_PAY, payment.pay_page, name="pay"),
    web.post(_PAY, payment.begin_payment, name="pay"),
    # Whoever only asks for the head must not have the provider asked.
    web.get(f"{_PAY}/return", payment.payment_returned, name="pay_return", allow_head=False),
    web.get(f"{_PAY}/fields", payment.payment_fields, name="pay_fields"),
    web.post(f"{_PAY}/result", payment.payment_result, name="pay_result"),
    web.get(f"{_PAY}/document", payment.payment_document, name="pay_document"),
    web.get(_METHOD, means.means_page, name="pay_method"),
    web.post(_METHOD, means.begin_saving, name="pay_method"),
    web.get(_PAGE, means.saving_returned, name="pay_method_return", allow_head=False),
    web.get(f"{_PAGE}/fields", means.saving_fields, name="pay_method_fields"),
    web.post(f"{_PAGE}/result", means.saving_result, name="pay_method_result"),
)


def add_pay_pages(application: web.Application) -> None:
    """Open the pages of an application that has its App."""
    application[WRONG_LINKS] = Attempts(application[APP].clock, "addresses that do not exist")
    application.add_routes(_ROUTES)
