"""Contract templates: kept by key, checked as a contract would be, copied into contracts (F014)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from uuid import UUID

from faktura.domain.addresses import Address
from faktura.domain.contracts import Contract
from faktura.domain.customers import Customer
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.errors import FakturaError, FieldInvalid, NotFound, PriceMissing
from faktura.kernel.request_errors import Forbidden
from faktura.services.imports.claims import Claims
from faktura.services.imports.contract_file import (
    ContractFields,
    articles_named,
    groups_named,
    rule_partners,
)
from faktura.services.imports.contracts import create_contract
from faktura.services.imports.entries import Form, ImportFile
from faktura.services.imports.findings import FieldsRefused, Findings, Spot
from faktura.services.imports.new_contract import Drafting
from faktura.services.imports.offer import Offer, read_offer
from faktura.services.imports.reading import Sheet, alone, read_sheet
from faktura.services.imports.template_file import (
    TemplateFields,
    TemplateUse,
    contract_fields,
    template_values,
)
from faktura.services.imports.validation import fields_of
from faktura.services.merge_patch import merged
from faktura.store.catalogue import Project, list_projects
from faktura.store.contract_templates import (
    StoredTemplate,
    delete_template,
    lock_template,
    read_template,
    read_templates,
    update_template,
    write_template,
)
from faktura.store.taken import Unique
from faktura.store.transaction import Tx

TemplateSheet = Sheet[TemplateFields]

# What stands for the customer and the project while a template is checked; neither is written.
_SPECIMEN = "_" * 36


def read_template_file(file: ImportFile) -> TemplateSheet:
    """What a file of templates says; it needs no database and so no transaction."""
    return read_sheet(file, TemplateFields)


def create_template(
    tx: Tx, tenant: Tenant, fields: TemplateFields, projects: Collection[UUID] | None = None
) -> TemplateFields:
    """Add one template, as `import_templates` does; raises FieldsRefused with all that is wrong."""
    return import_templates(tx, tenant, alone(fields), projects)[0]


def import_templates(
    tx: Tx, tenant: Tenant, sheet: TemplateSheet, projects: Collection[UUID] | None = None
) -> list[TemplateFields]:
    """Add the templates of a file; raises ImportRefused with everything that is wrong with it.

    Who reaches some `projects` only (None: all) adds none for all projects: Forbidden.
    """
    placed = [(sheet.spot(entry), entry.fields) for entry in sheet.entries]
    Claims(tx, "key", Unique.TEMPLATE_KEY).claim_all([(spot, one.key) for spot, one in placed])
    for spot, fields in placed:
        _check_reach(fields, projects)
        for fault in _faults(tx, tenant, fields, projects):
            spot.add(fault)
    sheet.findings.refuse_if_any()
    for _spot, fields in placed:
        write_template(tx, _stored(fields))
    return [fields for _spot, fields in placed]


def list_templates(
    tx: Tx,
    projects: Collection[UUID] | None = None,
    *,
    after: str | None = None,
    limit: int | None = None,
) -> list[TemplateFields]:
    """Templates by key, of those behind `after`: of these projects (None: all) and of none."""
    seen = _keys(tx, projects)
    found = (_fields(stored) for stored in read_templates(tx, after=after))
    return [one for one in found if one.project is None or one.project in seen][:limit]


def visible_template(tx: Tx, key: str, projects: Collection[UUID] | None = None) -> TemplateFields:
    """The template; raises NotFound, also for one of a project outside `projects` (None: all)."""
    stored = read_template(tx, key)
    found = None if stored is None else _fields(stored)
    if found is None or not (found.project is None or found.project in _keys(tx, projects)):
        raise NotFound(f"there is no contract template {key}", place="key")
    return found


def locked_template(tx: Tx, key: str, projects: Collection[UUID] | None = None) -> TemplateFields:
    """The template, read once nobody else can change it until the transaction ends.

    Raises NotFound, and Forbidden where other projects than `projects` use it too.
    """
    lock_template(tx, key)
    found = visible_template(tx, key, projects)
    _check_reach(found, projects)
    return found


def changed_template(
    tx: Tx,
    tenant: Tenant,
    current: TemplateFields,
    patch: Mapping[str, object],
    projects: Collection[UUID] | None = None,
) -> TemplateFields:
    """The locked template after a merge patch; contracts made from it stay as they are (F014).

    A patch that changes nothing writes nothing. Raises FieldsRefused with all that is wrong.
    """
    changed = fields_of(TemplateFields, merged(template_values(current), patch), Form.REST)
    if changed == current:
        return current
    _check_reach(changed, projects)
    faults = [*_key_faults(changed, current), *_faults(tx, tenant, changed, projects)]
    if faults:
        raise FieldsRefused(faults, more=False)
    update_template(tx, _stored(changed))
    return changed


def remove_template(tx: Tx, current: TemplateFields) -> None:
    """Take the locked template away; contracts made from it stay as they are (F014)."""
    delete_template(tx, current.key)


def fields_from_template(
    tx: Tx, key: str, use: TemplateUse, projects: Collection[UUID] | None = None
) -> ContractFields:
    """The contract that a template makes; raises NotFound, and FieldsRefused with all that is wrong.

    Whoever creates it checks it as any other.
    """
    return contract_fields(visible_template(tx, key, projects), use)


def contract_from_template(
    tx: Tx, tenant: Tenant, key: str, use: TemplateUse, projects: Collection[UUID] | None = None
) -> Contract:
    """Add a contract made from a template, of one of the `projects` (None: any).

    Raises NotFound, and FieldsRefused with all that is wrong: places are those of the contract.
    """
    return create_contract(tx, tenant, fields_from_template(tx, key, use, projects), projects)


def _faults(
    tx: Tx, tenant: Tenant, fields: TemplateFields, projects: Collection[UUID] | None
) -> list[FakturaError]:
    """What would be wrong with a contract that is made from the template today, but for prices.

    Which prices are valid is a matter of the day on which it is used.
    """
    today = local_date(tx.clock, tenant.time_zone)
    try:
        given = contract_fields(fields, TemplateUse(_SPECIMEN, today))
    except FieldsRefused as refused:
        return list(refused.parts)
    offer = read_offer(
        tx,
        customers=rule_partners(given),
        articles=articles_named(given),
        groups=groups_named(given),
        projects=projects,
    )
    findings = Findings()
    drafting = Drafting(_for_anybody(tx, offer, fields), tenant.currency, tx.new_id)
    drafting.draft(given, Spot(findings))
    return [fault for fault in findings.errors if not isinstance(fault, PriceMissing)]


def _for_anybody(tx: Tx, offer: Offer, fields: TemplateFields) -> Offer:
    """The offer with a customer who stands for all; so does a project, where none is named."""
    address = Address("", "", "", "DE")
    anybody = Customer(
        tx.new_id(), _SPECIMEN, _SPECIMEN, is_business=True, address=address, debtor_account=""
    )
    wider = replace(offer, customers={**offer.customers, _SPECIMEN: anybody})
    if fields.project is not None or len(offer.projects) == 1:
        return wider
    # What only one project sells cannot stand in a template for all of them (F049).
    return replace(wider, projects={_SPECIMEN: Project(tx.new_id(), _SPECIMEN, _SPECIMEN)})


def _key_faults(changed: TemplateFields, current: TemplateFields) -> Iterator[FakturaError]:
    if changed.key != current.key:
        yield FieldInvalid(
            "the field is fixed once the object exists", place="key", mend="Leave it out"
        )


def _check_reach(fields: TemplateFields, projects: Collection[UUID] | None) -> None:
    if projects is not None and fields.project is None:
        raise Forbidden(
            f"template {fields.key} is for every project",
            place="project",
            mend="Name the project, or use a key that reaches all projects",
        )


def _keys(tx: Tx, projects: Collection[UUID] | None) -> set[str]:
    return {project.key for project in list_projects(tx, projects=projects)}


def _stored(fields: TemplateFields) -> StoredTemplate:
    values = template_values(fields)
    del values["key"], values["name"]
    return StoredTemplate(fields.key, fields.name, values)


def _fields(stored: StoredTemplate) -> TemplateFields:
    values = {**stored.values, "key": stored.key, "name": stored.name}
    return fields_of(TemplateFields, values, Form.REST)
