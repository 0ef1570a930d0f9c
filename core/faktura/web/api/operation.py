"""Operations: declared by decorating a handler, whose signature says what it takes and answers."""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from faktura.domain.api_keys import Scope
from faktura.web.api.call import Call, Flow, Nothing
from faktura.web.api.patches import Patch
from faktura.web.api.replies import Accepted, Created, File

Reply: TypeAlias = BaseModel | Created[Any] | Accepted[Any] | File
Handler: TypeAlias = Callable[[Call[Any, Any]], Reply]
FlowHandler: TypeAlias = Callable[[Flow[Any, Any]], Awaitable[Reply]]
H = TypeVar("H", bound=Handler | FlowHandler)


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path: who may, what goes in, what comes out.

    `answer` is None for a file. `tagged` answers carry an ETag; `uploads` is the largest body in
    bytes of an operation that reads the body itself.
    """

    id: str
    method: str
    path: str
    tag: str
    scope: Scope
    summary: str
    description: str
    handler: Handler | FlowHandler
    query: type[BaseModel]
    body: type[BaseModel] | None
    answer: type[BaseModel] | None
    status: int
    tagged: bool
    uploads: int = 0

    @property
    def is_flow(self) -> bool:
        """Whether the handler is async and opens its own transactions."""
        return inspect.iscoroutinefunction(self.handler)

    @property
    def parameters(self) -> list[str]:
        """The names in the path, in their order."""
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]


class Resource:
    """A noun of the API with its operations; the name is the tag in the reference."""

    def __init__(self, name: str, description: str) -> None:
        self.name = name
        self.description = description
        self.operations: list[Operation] = []

    def get(self, path: str, scope: Scope, *, tagged: bool = False) -> Callable[[H], H]:
        """An operation that only reads."""
        return self._declared("GET", path, scope, tagged=tagged)

    def post(self, path: str, scope: Scope, *, uploads: int = 0) -> Callable[[H], H]:
        """An act, or a new object; takes an Idempotency-Key."""
        return self._declared("POST", path, scope, uploads=uploads)

    def patch(self, path: str, scope: Scope, body: type[Patch]) -> Callable[[H], H]:
        """A change by JSON merge patch (RFC 7396); takes If-Match."""
        return self._declared("PATCH", path, scope, tagged=True, patch=body)

    def delete(self, path: str, scope: Scope) -> Callable[[H], H]:
        """An object taken away that never counted; without a body."""
        return self._declared("DELETE", path, scope)

    def _declared(
        self,
        method: str,
        path: str,
        scope: Scope,
        *,
        tagged: bool = False,
        uploads: int = 0,
        patch: type[Patch] | None = None,
    ) -> Callable[[H], H]:
        def declare(handler: H) -> H:
            query, body, answer, status = _shape(handler)
            told = inspect.getdoc(handler) or ""
            summary, _, rest = told.partition("\n\n")
            self.operations.append(
                Operation(
                    to_camel(handler.__name__),
                    method,
                    path,
                    self.name,
                    scope,
                    " ".join(summary.split()),
                    rest,
                    handler,
                    query,
                    patch or (None if body is Nothing else body),
                    answer,
                    status,
                    tagged,
                    uploads,
                )
            )
            return handler

        return declare


def _shape(
    handler: Callable[..., object],
) -> tuple[type[BaseModel], type[BaseModel], type[BaseModel] | None, int]:
    """Query, body, answer and status, as the handler's annotations say."""
    hints = get_type_hints(handler)
    query, body = get_args(hints["call"])
    answer = hints["return"]
    if answer is File:
        return query, body, None, 200
    wrapper = get_origin(answer)
    if wrapper in (Created, Accepted):
        return query, body, get_args(answer)[0], wrapper.status
    return query, body, answer, 200
