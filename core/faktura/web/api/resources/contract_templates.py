"""Contract templates: what contracts are made from, for a customer or the other way round (F014)."""

from typing import Any
from uuid import UUID

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.services.contract_templates import (
    changed_template,
    create_template,
    list_templates,
    locked_template,
    remove_template,
    visible_template,
)
from faktura.services.contract_templates import (
    contract_from_template as make_contract,
)
from faktura.services.contract_view import show_contract
from faktura.services.imports.template_file import TemplateFields, TemplateUse, TemplateUseFields
from faktura.services.imports.text_fields import Number
from faktura.store.customers import read_customer
from faktura.web.api.call import Call, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.patches import Patch, patch_of
from faktura.web.api.replies import Created, Page, page
from faktura.web.api.resources.contract_answers import ContractAnswer
from faktura.web.api.resources.contracts import CONTRACTS

CONTRACT_TEMPLATES = Resource(
    "ContractTemplates", "What contracts are made from; a contract keeps a copy."
)

_ONE = "/ContractTemplates/{key}"
_CHANGES = patch_of("ContractTemplatePatch", TemplateFields, fixed={"key"})


class FromTemplateFields(TemplateUseFields):
    """The customer of a contract from a template, and what else it still needs."""

    customer_number: Number = Field(description="Who is billed.")


class CustomerContractFields(TemplateUseFields):
    """The template of a customer's new contract, and what else the contract still needs."""

    template: Number = Field(description="Key of the contract template.")


@CONTRACT_TEMPLATES.get("/ContractTemplates", Scope.CONTRACTS_READ)
def contract_template_list(call: Call[Paged, Nothing]) -> Page[TemplateFields]:
    """Templates by key, a page at a time: those of the key's projects and those of none."""
    query = call.query
    found = list_templates(
        call.tx, call.access.projects, after=query.after(), limit=query.limit + 1
    )
    return page(found, query.limit, lambda one: cursor_of(one.key), lambda one: one)


@CONTRACT_TEMPLATES.post("/ContractTemplates", Scope.CONTRACTS_WRITE)
def contract_template_create(call: Call[Nothing, TemplateFields]) -> Created[TemplateFields]:
    """Add a template (F014); its articles exist and have units that fit the interval (F024).

    Without `project` it is for every project: only a key for all projects may add such a one.
    """
    reach = _may_change(call, shared=call.body.project is None)
    new = create_template(call.tx, call.tenant, call.body, reach)
    return Created(new, f"/ContractTemplates/{new.key}")


@CONTRACT_TEMPLATES.get(_ONE, Scope.CONTRACTS_READ, tagged=True)
def contract_template_get(call: Call[Nothing, Nothing]) -> TemplateFields:
    """One template."""
    return visible_template(call.tx, call.path["key"], call.access.projects)


@CONTRACT_TEMPLATES.patch(_ONE, Scope.CONTRACTS_WRITE, _CHANGES)
def contract_template_update(call: Call[Nothing, Patch]) -> TemplateFields:
    """Change a template; contracts made from it keep what they have (F014).

    A template for every project is changed only by a key for all projects.
    """
    present = _locked(call)
    call.check_unchanged(present)
    patch = call.body.values()
    shared = patch.get("project", present.project) is None
    reach = _may_change(call, shared=shared)
    return changed_template(call.tx, call.tenant, present, patch, reach)


@CONTRACT_TEMPLATES.post(f"{_ONE}/Contracts", Scope.CONTRACTS_WRITE)
def contract_from_template(call: Call[Nothing, FromTemplateFields]) -> Created[ContractAnswer]:
    """Add a contract made from the template (F014), as a draft unless `activate` says otherwise.

    Its terms, items and activities begin with `start`; activities are due on it.
    """
    return _made(call, call.path["key"], call.body.use(call.body.customer_number))


@CONTRACTS.post("/Customers/{customerNumber}/Contracts", Scope.CONTRACTS_WRITE)
def customer_contract_from_template(
    call: Call[Nothing, CustomerContractFields],
) -> Created[ContractAnswer]:
    """Add a contract of the customer, made from a template (F014); else as contractFromTemplate."""
    customer = read_customer(call.tx, call.path["customerNumber"])
    return _made(call, call.body.template, call.body.use(customer.number))


@CONTRACT_TEMPLATES.post(f"{_ONE}/remove", Scope.CONTRACTS_WRITE)
def contract_template_remove(call: Call[Nothing, Nothing]) -> TemplateFields:
    """Take a template away and answer what it was; contracts made from it stay as they are."""
    present = _locked(call)
    remove_template(call.tx, present)
    return present


def _made(call: Call[Any, Any], key: str, use: TemplateUse) -> Created[ContractAnswer]:
    new = make_contract(call.tx, call.tenant, key, use, call.access.projects)
    overview = show_contract(call.tx, new.number, call.access.projects).overview
    return Created(ContractAnswer.of(overview), f"/Contracts/{new.number}")


def _locked(call: Call[Any, Any]) -> TemplateFields:
    seen = visible_template(call.tx, call.path["key"], call.access.projects)
    return locked_template(call.tx, seen.key, _may_change(call, shared=seen.project is None))


def _may_change(call: Call[Any, Any], *, shared: bool) -> frozenset[UUID] | None:
    """Whose templates the key may change; None where it may change one for every project."""
    if shared and call.access.key.project_id is None:
        return None
    return call.access.projects
