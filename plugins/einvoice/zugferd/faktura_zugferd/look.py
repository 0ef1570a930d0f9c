"""How a tenant's pages look: what page and words take from its settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Look:
    """A tenant's own look; `Look()` is the house's.

    `logo_type` is png or jpg, `logo_side` right or left, `accent` `#rrggbb`. `footer_columns` holds
    up to four texts with line feeds, none means the seller's data. `price_decimals` is 2 to 4 (F054).
    `texts` words the page otherwise, by the keys of `words.KEYS`. `template` is typst source that
    replaces the house's page; it is typeset in a process of its own.
    """

    logo: bytes | None = None
    logo_type: str = "png"
    logo_side: str = "right"
    accent: str = "#1f4e79"
    footer_columns: tuple[str, ...] = ()
    return_line: str | None = None
    price_decimals: int = 4
    show_contact: bool = True
    payment_link: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    template: str | None = None

    def link_for(self, number: str) -> str | None:
        """The page where document `number` can be paid, its number escaped as a part of a URL."""
        if self.payment_link is None:
            return None
        return self.payment_link.replace("{number}", quote(number, safe=""))
