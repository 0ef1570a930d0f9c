"""Projects: the brands or product lines of a tenant, as far as a key reaches them (F049, F114)."""

from typing import Any
from uuid import UUID

from faktura.domain.api_keys import Scope
from faktura.kernel.request_errors import Forbidden
from faktura.services.imports.catalogue import create_project
from faktura.services.imports.catalogue_file import ProjectFields
from faktura.services.projects import choose_project
from faktura.store.catalogue import list_projects
from faktura.web.api.call import Call, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Created, Page, page
from faktura.web.api.resources.project_answers import ProjectAnswer

PROJECTS = Resource("Projects", "Brands or product lines; an invoice never mixes them.")


@PROJECTS.get("/Projects", Scope.CATALOGUE_READ)
def project_list(call: Call[Paged, Nothing]) -> Page[ProjectAnswer]:
    """The projects by key, a page at a time; a key of one project sees that one."""
    query = call.query
    found = list_projects(call.tx, projects=_seen(call), after=query.after(), limit=query.limit + 1)
    return page(found, query.limit, lambda one: cursor_of(one.key), ProjectAnswer.of)


@PROJECTS.post("/Projects", Scope.CATALOGUE_WRITE)
def project_create(call: Call[Nothing, ProjectFields]) -> Created[ProjectAnswer]:
    """Add a project; only a key for all projects may.

    No key reaches what is in it until `faktura keys switch-on` (F114).
    """
    if call.access.key.project_id is not None:
        raise Forbidden(
            "a key of one project adds no other one",
            place="api-key",
            mend="Use a key for all projects",
        )
    new = create_project(call.tx, call.tenant, call.body)
    return Created(ProjectAnswer.of(new), f"/Projects/{new.key}")


@PROJECTS.get("/Projects/{key}", Scope.CATALOGUE_READ)
def project_get(call: Call[Nothing, Nothing]) -> ProjectAnswer:
    """One project; `apiEnabled` says whether keys reach what is in it."""
    seen = {one.key: one for one in list_projects(call.tx, projects=_seen(call))}
    return ProjectAnswer.of(choose_project(seen, call.path["key"]))


def _seen(call: Call[Any, Any]) -> frozenset[UUID] | None:
    """A key for all projects sees that one is switched off; what is in it stays out of reach."""
    return None if call.access.key.project_id is None else call.access.projects
