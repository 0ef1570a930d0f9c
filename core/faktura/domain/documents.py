"""An issued document as it was frozen: what renderers, lists, explanations and checks read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from faktura.domain.costs import Costs
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.terms import ArticleUnit, DocumentKind, TaxCase, TaxCategory


@dataclass(frozen=True, slots=True)
class LineRecord:
    """A frozen line; `derivation` explains it (O10), `costs` say where accounting counts it."""

    no: int
    article_number: str
    name: str
    description: str
    quantity: Decimal
    unit: ArticleUnit
    price: Decimal
    base: Decimal
    list_net: Money
    discount: Money
    net: Money
    tax_case: TaxCase
    tax_category: TaxCategory
    tax_rate: Decimal
    tax_country: str
    service: Period
    cost_centre: str | None
    derivation: Mapping[str, object]
    costs: Costs = ()


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A frozen document; `snapshot` holds parties, texts, terms and the VAT table."""

    id: UUID
    number: str
    kind: DocumentKind
    customer_id: UUID
    contract_id: UUID | None
    issued_on: date
    due_on: date
    service: Period
    currency: str
    net: Money
    tax: Money
    gross: Money
    snapshot: Mapping[str, object]
    lines: tuple[LineRecord, ...]
