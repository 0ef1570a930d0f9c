"""The person in the browser: opens forms at finAPI and types what only finAPI may see."""

from aiohttp import ClientSession


class Visitor:
    """Visits a form; each visit is a browser of its own."""

    async def open(self, url: str) -> int:
        """Open the page and leave it open; the status it came with."""
        async with ClientSession() as session, session.get(url) as answer:
            return answer.status

    async def complete(self, url: str, *, login: str = "erika", pin: str = "") -> int:
        """Open the page, fill it in and send it; the status of the answer."""
        return await self._through(url, {"action": "complete", "login": login, "pin": pin})

    async def abort(self, url: str) -> int:
        """Open the page and give up."""
        return await self._through(url, {"action": "abort"})

    async def send(self, url: str, **fields: str) -> int:
        """Send the page's form without opening it."""
        async with (
            ClientSession() as session,
            session.post(url, data=fields, allow_redirects=False) as answer,
        ):
            return answer.status

    async def _through(self, url: str, fields: dict[str, str]) -> int:
        await self.open(url)
        return await self.send(url, **fields)
