"""Takes the mails of mails.py and forgets them; prints its port, then serves until it is killed."""

import asyncio

from aiosmtpd.smtp import SMTP, Envelope, Session


class Taking:
    """Takes every mail."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Say yes."""
        return "250 2.0.0 taken"


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Taking(), hostname="bench.example"), "127.0.0.1", 0
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
