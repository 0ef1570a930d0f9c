"""Product groups: articles that are taxed and booked alike (F045, F049)."""

from faktura.domain.api_keys import Scope
from faktura.kernel.errors import NotFound
from faktura.services.imports.catalogue import create_product_group
from faktura.services.imports.catalogue_file import ProductGroupFields
from faktura.store.catalogue import list_product_groups, read_product_groups
from faktura.web.api.call import Call, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Created, Page, page
from faktura.web.api.resources.product_group_answers import ProductGroupAnswer

PRODUCT_GROUPS = Resource("ProductGroups", "Articles that are taxed and booked alike.")


@PRODUCT_GROUPS.get("/ProductGroups", Scope.CATALOGUE_READ)
def product_group_list(call: Call[Paged, Nothing]) -> Page[ProductGroupAnswer]:
    """Product groups by key, a page at a time."""
    query = call.query
    found = list_product_groups(call.tx, after=query.after(), limit=query.limit + 1)
    return page(found, query.limit, lambda one: cursor_of(one.key), ProductGroupAnswer.of)


@PRODUCT_GROUPS.post("/ProductGroups", Scope.CATALOGUE_WRITE)
def product_group_create(
    call: Call[Nothing, ProductGroupFields],
) -> Created[ProductGroupAnswer]:
    """Add a product group; its tax group exists."""
    new = create_product_group(call.tx, call.tenant, call.body)
    return Created(ProductGroupAnswer.of(new), f"/ProductGroups/{new.key}")


@PRODUCT_GROUPS.get("/ProductGroups/{key}", Scope.CATALOGUE_READ)
def product_group_get(call: Call[Nothing, Nothing]) -> ProductGroupAnswer:
    """One product group."""
    key, groups = call.path["key"], read_product_groups(call.tx)
    if key not in groups:
        raise NotFound(f"there is no product group {key}", place="key")
    return ProductGroupAnswer.of(groups[key])
