"""Who asks for a format that no enabled plugin offers is told where it is asked for."""

from dataclasses import replace

import pytest
from tests.services.documents.view_scene import ViewScene

from faktura.kernel.errors import FinaliseRefused
from faktura.store.database import Database


def test_the_field_that_asks_for_a_format_nobody_offers_is_named(database: Database) -> None:
    """The customer's wish; no number is spent."""
    scene = ViewScene(database)
    scene.company.contract(
        scene.company.customer(document_format="fax", tax_number="41/234/56789"), "A-1"
    )

    with pytest.raises(FinaliseRefused) as refused:
        scene.credit("K-1", "V-1")

    assert refused.value.place.endswith(", customer.documentFormat")
    assert refused.value.mend == (
        "Change customer.documentFormat or enable the plugin of that format; offered: none"
    )


def test_the_tenants_format_is_named_where_the_tenant_asks(database: Database) -> None:
    """The customer has no wish."""
    scene = ViewScene(database)
    scene.company.tenant = replace(scene.company.tenant, document_format="fax")
    scene.company.contract(scene.company.customer(tax_number="41/234/56789"), "A-1")

    with pytest.raises(FinaliseRefused) as refused:
        scene.credit("K-1", "V-1")

    assert refused.value.place.endswith(", tenant.document_format")
    assert refused.value.mend == (
        "Change tenant.document_format or enable the plugin of that format; offered: none"
    )
