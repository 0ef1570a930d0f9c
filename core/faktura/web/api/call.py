"""What a handler is given: one authenticated request, checked, inside its transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from pydantic import BaseModel

from faktura.bootstrap import App
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.services.api_keys import Access
from faktura.services.imports.checks import Fields
from faktura.services.simulated_dates import local_today
from faktura.store.transaction import Tx
from faktura.web.api.entity_tags import check_match
from faktura.web.uploads import Upload

Q_co = TypeVar("Q_co", bound=BaseModel, covariant=True)
B_co = TypeVar("B_co", bound=BaseModel, covariant=True)


class Nothing(Fields):
    """No query parameters, or no body: whatever is given is refused by name."""


@dataclass(frozen=True)
class Call(Generic[Q_co, B_co]):
    """A request inside a transaction of the key's tenant; it writes where the method is not GET.

    `if_match` is the caller's condition on the present state, None where there is none.
    """

    app: App
    tx: Tx
    access: Access
    path: Mapping[str, str]
    query: Q_co
    body: B_co
    if_match: str | None = None

    @property
    def tenant(self) -> Tenant:
        """The tenant of the key."""
        return self.access.tenant

    @property
    def today(self) -> date:
        """The local day of the tenant; of what belongs to a customer on a day of their own that one (O23)."""
        return local_today(
            self.tx,
            self.tenant,
            customer_number=self.path.get("customerNumber"),
            contract_number=self.path.get("contractNumber"),
            document_number=self.path.get("invoiceNumber"),
        )

    def check_unchanged(self, present: BaseModel) -> None:
        """Raise PreconditionFailed where the caller means another state than the present one."""
        check_match(self.if_match, present)


@dataclass(frozen=True)
class Flow(Generic[Q_co, B_co]):
    """A request whose act takes several transactions, or none; the handler is async.

    The act must come to the same end when it is repeated: its answer is kept after it.
    """

    app: App
    access: Access
    path: Mapping[str, str]
    query: Q_co
    body: B_co
    upload: Upload | None = None

    @property
    def tenant(self) -> Tenant:
        """The tenant of the key."""
        return self.access.tenant

    @property
    def today(self) -> date:
        """The local day of the tenant."""
        return local_date(self.app.clock, self.tenant.time_zone)
