"""Deferral methods as options give them: HALF_MONTH and half-month are one word."""

import click
from typing_extensions import override


class Method(click.Choice[str]):
    """A choice that takes capitals and underscores for small letters and hyphens."""

    @override
    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:
        """The word of the vocabulary."""
        return str(choice).upper().replace("-", "_")
