"""What a tenant sells, from a file: projects, tax groups, product groups and articles (F045-F051)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from faktura.domain.articles import Article, ProductGroup
from faktura.domain.tax import TaxGroup
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import FakturaError, FileUnreadable, NotFound, shortened
from faktura.services.imports.catalogue_file import ArticleFields, CatalogueFields
from faktura.services.imports.claims import Claims
from faktura.services.imports.entries import Entry, ImportFile
from faktura.services.imports.findings import Findings
from faktura.services.imports.json_entries import json_object
from faktura.services.imports.price_fields import checked_prices
from faktura.services.imports.validation import typed
from faktura.store.catalogue import (
    Project,
    read_catalogue,
    read_product_groups,
    read_projects,
    read_tax_groups,
    write_articles,
    write_product_groups,
    write_projects,
    write_tax_groups,
)
from faktura.store.transaction import Tx

Named = TypeVar("Named")


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
    fields, findings = sheet.fields, sheet.findings
    projects = _new_projects(tx, fields, findings)
    known_projects = read_projects(tx) | {new.key: new for new in projects}
    taxes = _new_tax_groups(tx, fields, findings)
    known_taxes = read_tax_groups(tx) | {new.key: new for new in taxes}
    groups = _new_product_groups(tx, fields, known_taxes, findings)
    known_groups = read_product_groups(tx) | {new.key: new for new in groups}
    articles = _new_articles(tx, tenant, fields, known_groups, findings)
    project_ids = _project_ids(fields, articles, known_projects, findings)
    findings.refuse_if_any()
    write_projects(tx, projects)
    write_tax_groups(tx, taxes)
    write_product_groups(tx, groups)
    write_articles(tx, articles.values(), project_ids)
    return CatalogueReceipt(len(projects), len(taxes), len(groups), len(articles))


def _new_projects(tx: Tx, fields: CatalogueFields, findings: Findings) -> list[Project]:
    claims = Claims("key", frozenset(read_projects(tx)))
    for place, given in _placed("projects", fields.projects):
        with findings.at(place):
            claims.claim(given.key, place)
    return [Project(tx.new_id(), given.key, given.name) for given in fields.projects]


def _new_tax_groups(tx: Tx, fields: CatalogueFields, findings: Findings) -> list[TaxGroup]:
    claims = Claims("key", frozenset(read_tax_groups(tx)))
    for place, given in _placed("taxGroups", fields.tax_groups):
        with findings.at(place):
            claims.claim(given.key, place)
    return [given.tax_group for given in fields.tax_groups]


def _new_product_groups(
    tx: Tx, fields: CatalogueFields, taxes: Mapping[str, TaxGroup], findings: Findings
) -> list[ProductGroup]:
    claims = Claims("key", frozenset(read_product_groups(tx)))
    found = []
    for place, given in _placed("productGroups", fields.product_groups):
        with findings.at(place):
            claims.claim(given.key, place)
        with findings.at(place):
            tax_group = _named(taxes, given.tax_group, "taxGroup")
            found.append(ProductGroup(given.key, given.name, tax_group, given.revenue_account))
    return found


def _new_articles(
    tx: Tx,
    tenant: Tenant,
    fields: CatalogueFields,
    groups: Mapping[str, ProductGroup],
    findings: Findings,
) -> dict[str, Article]:
    claims = Claims("articleNumber", frozenset(read_catalogue(tx).by_number))
    found = {}
    for place, given in _placed("articles", fields.articles):
        with findings.at(place):
            claims.claim(given.article_number, place)
        with findings.at(place):
            group = _named(groups, given.product_group, "productGroup")
            found[given.article_number] = _article(tx.new_id(), tenant, given, group)
    return found


def _article(new_id: UUID, tenant: Tenant, given: ArticleFields, group: ProductGroup) -> Article:
    return Article(
        new_id,
        given.article_number,
        given.name,
        given.unit,
        given.supply,
        group,
        checked_prices(given.prices, tenant.currency, name="prices"),
        given.description,
        given.html_description,
        given.recurring,
        given.cost_centre,
    )


def _project_ids(
    fields: CatalogueFields,
    articles: Mapping[str, Article],
    projects: Mapping[str, Project],
    findings: Findings,
) -> dict[UUID, UUID]:
    """Articles without a project may be sold in every one (F049)."""
    found = {}
    for place, given in _placed("articles", fields.articles):
        if given.project is None:
            continue
        with findings.at(place):
            project = _named(projects, given.project, "project")
            if given.article_number in articles:
                found[articles[given.article_number].id] = project.id
    return found


def _placed(section: str, entries: Sequence[Named]) -> Iterator[tuple[str, Named]]:
    return ((f"{section}.{no}", entry) for no, entry in enumerate(entries, 1))


def _named(known: Mapping[str, Named], key: str, field: str) -> Named:
    """What the key names; raises NotFound."""
    try:
        return known[key]
    except KeyError:
        raise NotFound(
            f"there is no “{shortened(key)}”",
            place=field,
            mend=f"Known: {shortened(', '.join(sorted(known)) or 'none')}",
        ) from None
