"""Links of a booking to objects of other systems, as files and requests give them (F042)."""

from collections.abc import Iterable

from pydantic import Field

from faktura.domain.external_links import ExternalLink
from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import Filled


class LinkFields(Fields):
    """An object elsewhere that a booking belongs to, such as a ticket or a property."""

    system: Filled = Field(description="The other system's name, for people.")
    reference: Filled = Field(description="What that system calls the object.")

    @property
    def link(self) -> ExternalLink:
        """The link."""
        return ExternalLink(self.system, self.reference)


def links_of(given: Iterable[LinkFields]) -> tuple[ExternalLink, ...]:
    """The links, in their order."""
    return tuple(fields.link for fields in given)


def link_fields(links: Iterable[ExternalLink]) -> list[dict[str, str]]:
    """The links as JSON has them."""
    return [{"system": link.system, "reference": link.reference} for link in links]
