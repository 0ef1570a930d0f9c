"""Links of a booking to objects of other systems, as answers show them (F042)."""

from typing import Self

from pydantic import Field

from faktura.domain.external_links import ExternalLink
from faktura.web.api.replies import Answer


class LinkAnswer(Answer):
    """An object elsewhere that a booking belongs to."""

    system: str = Field(description="The other system's name.")
    reference: str = Field(description="What that system calls the object.")

    @classmethod
    def of(cls, link: ExternalLink) -> Self:
        """The answer."""
        return cls(system=link.system, reference=link.reference)
