"""Tax groups: the tax of product groups at home, with its dated rates (F045, F046)."""

from faktura.domain.api_keys import Scope
from faktura.kernel.errors import NotFound
from faktura.services.imports.catalogue import create_tax_group
from faktura.services.imports.catalogue_file import TaxGroupFields
from faktura.store.catalogue import list_tax_groups, read_tax_groups
from faktura.web.api.call import Call, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Created, Page, page
from faktura.web.api.resources.tax_group_answers import TaxGroupAnswer

TAX_GROUPS = Resource("TaxGroups", "The tax at home; cases abroad follow from the customer.")


@TAX_GROUPS.get("/TaxGroups", Scope.CATALOGUE_READ)
def tax_group_list(call: Call[Paged, Nothing]) -> Page[TaxGroupAnswer]:
    """Tax groups by key, a page at a time."""
    query = call.query
    found = list_tax_groups(call.tx, after=query.after(), limit=query.limit + 1)
    return page(found, query.limit, lambda one: cursor_of(one.key), TaxGroupAnswer.of)


@TAX_GROUPS.post("/TaxGroups", Scope.CATALOGUE_WRITE)
def tax_group_create(call: Call[Nothing, TaxGroupFields]) -> Created[TaxGroupAnswer]:
    """Add a tax group (F045).

    `STANDARD` and `REDUCED` need rates, `EXEMPT` needs its reason.
    """
    new = create_tax_group(call.tx, call.tenant, call.body)
    return Created(TaxGroupAnswer.of(new), f"/TaxGroups/{new.key}")


@TAX_GROUPS.get("/TaxGroups/{key}", Scope.CATALOGUE_READ)
def tax_group_get(call: Call[Nothing, Nothing]) -> TaxGroupAnswer:
    """One tax group."""
    key, groups = call.path["key"], read_tax_groups(call.tx)
    if key not in groups:
        raise NotFound(f"there is no tax group {key}", place="key")
    return TaxGroupAnswer.of(groups[key])
