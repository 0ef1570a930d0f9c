"""What a run may look at, for somebody who reaches some projects, and which runs they see."""

from datetime import date
from uuid import UUID

import pytest
from tests.services.billing.scene import TENANT, NoFormats, Scene

from faktura.flows.billing import run_billing
from faktura.kernel.errors import FieldMissing, NotFound
from faktura.services.billing_runs import run_scope
from faktura.store.billing import Scope, scope_from_text
from faktura.store.billing_lists import NamedScope, list_runs, read_run
from faktura.store.catalogue import Project, write_projects
from faktura.store.quarantine import Which, read_quarantine

_DAY = date(2026, 9, 15)


def project(scene: Scene, key: str) -> UUID:
    """Another project."""
    new = Project(scene.database.new_id(), key, key.title())
    with scene.database.write(TENANT.id) as tx:
        write_projects(tx, [new])
    return new.id


def scope(scene: Scene, projects: set[UUID] | None, **named: str) -> Scope:
    """The scope for who reaches these projects."""
    with scene.database.read(TENANT.id) as tx:
        return run_scope(tx, projects, **named)


def bill(scene: Scene, within: Scope, day: date = _DAY) -> UUID:
    """Run the billing of a scope."""
    return run_billing(scene.database, TENANT, NoFormats(), day, scope=within).run_id


def runs(scene: Scene, projects: set[UUID] | None, after: UUID | None = None) -> list[UUID]:
    """Ids of the runs that are listed, two at most."""
    with scene.database.read(TENANT.id) as tx:
        return [run.id for run in list_runs(tx, after=after, limit=2, projects=projects)]


def test_who_reaches_everything_may_name_anything(scene: Scene):
    """A contract's scope names its project, so that who reaches it sees the run."""
    contract = scene.contract()
    main = frozenset({scene.project.id})

    assert scope(scene, None) == Scope()
    assert scope(scene, None, project_key="main") == Scope(main)
    assert scope(scene, None, customer_number="K-1") == Scope(None, contract.customer_id)
    found = scope(scene, None, contract_number=contract.number)
    assert found == Scope(main, None, contract.id)


def test_who_reaches_one_project_stays_in_it(scene: Scene):
    """Of a customer only the contracts of that project are billed."""
    other = project(scene, "other")
    owner = scene.customer()
    scene.contract(owner)
    scene.contract(owner, project_id=other, quantity="2")

    alone = scope(scene, {other})
    customer = scope(scene, {other}, customer_number=owner.number)
    bill(scene, customer)

    assert alone == Scope(frozenset({other}))
    assert customer == Scope(frozenset({other}), owner.id)
    # Two at 30.00, and 19 %.
    assert [gross for *_, gross in scene.documents()] == [7140]


def test_who_reaches_some_projects_says_which(scene: Scene):
    """Three projects, two of them reached."""
    other, third = project(scene, "other"), project(scene, "third")
    reach = {other, third}

    with pytest.raises(FieldMissing, match="which of several projects") as refused:
        scope(scene, reach)

    assert refused.value.place == "project"
    assert scope(scene, reach, project_key="third") == Scope(frozenset({third}))


def test_what_lies_outside_does_not_exist(scene: Scene):
    """The same words as for what nobody has; other projects are not named."""
    contract = scene.contract()
    other = project(scene, "other")

    for named, said in (
        ({"project_key": "main"}, r"project: there is no project main\. Projects: other"),
        ({"project_key": "none"}, r"project: there is no project none\. Projects: other"),
        ({"contract_number": contract.number}, f"there is no contract {contract.number}"),
        ({"contract_number": "V-9"}, "there is no contract V-9"),
        ({"customer_number": "K-9"}, "there is no customer K-9"),
    ):
        with pytest.raises(NotFound, match=said):
            scope(scene, {other}, **named)


def test_a_scope_comes_back_from_its_text():
    """Equal scopes have equal texts, in whatever order their projects were named."""
    one, two = UUID(int=1), UUID(int=2)

    assert Scope(frozenset({one, two})).text() == Scope(frozenset({two, one})).text()
    for given in (Scope(), Scope(frozenset({one, two}), one), Scope(contract_id=two)):
        assert scope_from_text(given.text()) == given


def test_a_run_is_seen_by_who_reaches_all_that_it_looks_at(scene: Scene):
    """A run over everything is for who reaches everything."""
    other = project(scene, "other")
    main = scene.project.id
    everything = bill(scene, Scope())
    narrow = bill(scene, Scope(frozenset({main})))
    both = bill(scene, Scope(frozenset({main, other})))

    assert runs(scene, None) == [both, narrow]
    assert runs(scene, None, after=narrow) == [everything]
    assert runs(scene, {main, other}) == [both, narrow]
    assert runs(scene, {main}) == [narrow]
    assert runs(scene, {other}) == []
    with scene.database.read(TENANT.id) as tx:
        assert read_run(tx, narrow, {main}).id == narrow
        with pytest.raises(NotFound, match=f"there is no billing run {everything}"):
            read_run(tx, everything, {main, other})


def test_a_run_tells_its_scope_by_the_names_people_know(scene: Scene):
    """Keys and numbers, no ids; a run that had nothing to do has done nothing."""
    contract = scene.contract()
    project(scene, "other")
    bill(scene, scope(scene, None, customer_number="K-1", project_key="other"))
    bill(scene, scope(scene, None, contract_number=contract.number))
    bill(scene, Scope())

    with scene.database.read(TENANT.id) as tx:
        everything, single, owner = list_runs(tx, after=None, limit=9, projects=None)

    assert everything.scope == NamedScope(None, None, None)
    assert single.scope == NamedScope(("main",), None, contract.number)
    assert owner.scope == NamedScope(("other",), "K-1", None)
    assert (single.planned_contracts, single.totals.documents) == (1, 1)
    assert (owner.planned_contracts, owner.totals.chunks, owner.totals.documents) == (0, 0, 0)


def test_the_quarantine_is_listed_by_run_and_project_a_page_at_a_time(scene: Scene):
    """O19: each with its customer and the run that held it back last."""
    other = project(scene, "other")
    held = [scene.contract(currency="CHF") for _ in range(2)]
    alien = scene.contract(currency="CHF", project_id=other)
    run = bill(scene, Scope())

    with scene.database.read(TENANT.id) as tx:
        rows = read_quarantine(tx, Which(run_id=run, projects={scene.project.id}))
        rest = read_quarantine(tx, Which(after=rows[0].contract_number), limit=1)
        nobody = read_quarantine(tx, Which(run_id=scene.database.new_id()))
        single = read_quarantine(tx, Which(contract_id=alien.id))

    assert sorted(row.contract_number for row in rows) == sorted(c.number for c in held)
    assert [(row.customer_number, row.code) for row in rows] == [
        ("K-1", "price_missing"),
        ("K-2", "price_missing"),
    ]
    assert {(row.run_id, row.since) for row in rows} == {(run, scene.database.clock.now())}
    assert [row.contract_number for row in rest] == [rows[1].contract_number]
    assert nobody == []
    assert [row.customer_number for row in single] == ["K-3"]
