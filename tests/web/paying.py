"""Customers on the pages on which they pay."""

from aiohttp import ClientResponse
from tests.services.payments.pay_scene import Scene
from tests.web.visits import Browser, form_token_in, send


async def pay(scene: Scene, visitor: Browser, **changed: str) -> ClientResponse:
    """Open the page and send its form, with these fields changed; the answer, not where it leads."""
    address = f"/pay/{scene.token()}"
    page = await (await visitor.get(address)).text()
    fields = {"form_token": form_token_in(page), "method": "CARD", "amount": "71.40", **changed}
    return await send(visitor, address, **fields)
