"""Ids as they are given to commands."""

from uuid import UUID

import click
from typing_extensions import override


class Id(click.ParamType[UUID]):
    """An id; whoever gives a secret in its place does not read it again in the message."""

    name = "id"

    def __init__(self, of: str, listed_by: str) -> None:
        self._of = of
        self._listed_by = listed_by

    @override
    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> UUID:
        try:
            return UUID(str(value))
        except ValueError:
            self.fail(f"this is no id of {self._of}. Look at: {self._listed_by}", param, ctx)
