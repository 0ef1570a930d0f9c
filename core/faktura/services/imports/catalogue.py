"""What a tenant sells, from a file or one at a time: projects, groups and articles (F045-F051)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from faktura.domain.articles import ProductGroup
from faktura.domain.tax import TaxGroup
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import FakturaError, FileUnreadable
from faktura.services.imports.catalogue_file import (
    ArticleFields,
    CatalogueFields,
    ProductGroupFields,
    ProjectFields,
    TaxGroupFields,
)
from faktura.services.imports.entries import Entry, ImportFile
from faktura.services.imports.findings import Findings, Spot
from faktura.services.imports.json_entries import json_object
from faktura.services.imports.new_catalogue import NewCatalogue
from faktura.services.imports.validation import typed
from faktura.store.articles import SoldArticle
from faktura.store.catalogue import Project
from faktura.store.transaction import Tx

Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class CatalogueSheet:
    """What a catalogue file says, and what is wrong with it so far."""

    fields: CatalogueFields
    findings: Findings


@dataclass(frozen=True, slots=True)
class CatalogueReceipt:
    """How many of each were added."""

    projects: int
    tax_groups: int
    product_groups: int
    articles: int


def read_catalogue_file(file: ImportFile) -> CatalogueSheet:
    """What a catalogue file says; raises ImportRefused where its fields do not fit."""
    findings = Findings(file.name)
    fields = None
    try:
        if file.suffix != ".json":
            raise FileUnreadable("a catalogue is nested", mend="Write it as JSON")
        fields = typed(CatalogueFields, Entry("", json_object(file.text)), findings)
    except FakturaError as error:
        findings.add(error)
    findings.refuse_if_any()
    return CatalogueSheet(fields or CatalogueFields(), findings)


def import_catalogue(tx: Tx, tenant: Tenant, sheet: CatalogueSheet) -> CatalogueReceipt:
    """Add what a catalogue file says; raises ImportRefused with everything that is wrong with it.

    What an entry names is in the file or exists already; keys and numbers are new.
    """
    fields, start = sheet.fields, Spot(sheet.findings)
    new = NewCatalogue(tx, tenant)
    new.add_projects(_placed(start, "projects", fields.projects))
    new.add_tax_groups(_placed(start, "taxGroups", fields.tax_groups))
    new.add_product_groups(_placed(start, "productGroups", fields.product_groups))
    new.add_articles(_placed(start, "articles", fields.articles))
    sheet.findings.refuse_if_any()
    new.write()
    return CatalogueReceipt(
        len(new.projects), len(new.tax_groups), len(new.product_groups), len(new.articles)
    )


def create_project(tx: Tx, tenant: Tenant, fields: ProjectFields) -> Project:
    """Add one project; raises FieldsRefused."""
    new, spot = NewCatalogue(tx, tenant), Spot(Findings())
    new.add_projects([(spot, fields)])
    return _written(new, spot).projects[0]


def create_tax_group(tx: Tx, tenant: Tenant, fields: TaxGroupFields) -> TaxGroup:
    """Add one tax group; raises FieldsRefused."""
    new, spot = NewCatalogue(tx, tenant), Spot(Findings())
    new.add_tax_groups([(spot, fields)])
    return _written(new, spot).tax_groups[0]


def create_product_group(tx: Tx, tenant: Tenant, fields: ProductGroupFields) -> ProductGroup:
    """Add one product group; raises FieldsRefused."""
    new, spot = NewCatalogue(tx, tenant), Spot(Findings())
    new.add_product_groups([(spot, fields)])
    return _written(new, spot).product_groups[0]


def create_article(
    tx: Tx, tenant: Tenant, fields: ArticleFields, projects: Collection[UUID] | None = None
) -> SoldArticle:
    """Add one article with its prices; raises FieldsRefused.

    Who reaches some `projects` only (None: all) names one of them.
    """
    new, spot = NewCatalogue(tx, tenant, projects), Spot(Findings())
    new.add_articles([(spot, fields)])
    return _written(new, spot).articles[0]


def _written(new: NewCatalogue, spot: Spot) -> NewCatalogue:
    spot.findings.refuse_if_any()
    new.write()
    return new


def _placed(start: Spot, section: str, given: Sequence[Given]) -> list[tuple[Spot, Given]]:
    return [(start.part(f"{section}.{no}"), one) for no, one in enumerate(given, 1)]
