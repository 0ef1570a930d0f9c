"""How Stripe says no."""

from typing import Any

Json = dict[str, Any]
"""An object at Stripe: fields of every kind, as its JSON has them."""


class Refusal(Exception):
    """An answer that is a no.

    `saved` says that the endpoint had begun to execute: then the answer is kept under the key.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str = "",
        kind: str = "invalid_request_error",
        param: str = "",
        saved: bool = False,
        **more: object,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.saved = saved
        named = {"code": code, "param": param} | more
        self.error: Json = {"type": kind, "message": message} | {
            name: value for name, value in named.items() if value
        }

    @property
    def body(self) -> Json:
        """As Stripe writes it."""
        return {"error": self.error}


def missing(kind: str, reference: str, param: str) -> Refusal:
    """Nothing of that id."""
    return Refusal(404, f"No such {kind}: '{reference}'", code="resource_missing", param=param)
