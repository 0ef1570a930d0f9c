"""Tasks wait for a person until they are done."""

from decimal import Decimal
from uuid import UUID

import pytest
from tests.services.bookings.booked import act, contract, items
from tests.services.imports.conftest import House

from faktura.kernel.errors import NotFound
from faktura.services.booking_splits import split_booked_item
from faktura.services.tasks import TaskQuery, TaskState, finish_task, list_tasks, state_of
from faktura.store.catalogue import list_projects


@pytest.fixture
def asked(peopled):
    """A task on V-1 and one on V-2."""
    peopled.take("contracts", [contract("V-1"), contract("V-2")])
    for number in ("V-1", "V-2"):
        act(peopled, split_booked_item, number, items(peopled, number)[0].id, Decimal(1))
    return peopled


def numbers(house: House, *args: object, **kwargs: object) -> list[str]:
    """The contracts of the tasks that are found."""
    return [task.contract_number for task in house.read(list_tasks, *args, **kwargs)]


def test_tasks_are_listed_oldest_first_until_they_are_done(asked):
    first, second = asked.read(list_tasks)

    done = asked.write(finish_task, first.id)

    assert (first.contract_number, second.contract_number) == ("V-1", "V-2")
    assert (state_of(first), state_of(done)) == (TaskState.OPEN, TaskState.DONE)
    assert numbers(asked) == ["V-2"]
    assert numbers(asked, TaskQuery(state=TaskState.DONE)) == ["V-1"]
    assert numbers(asked, TaskQuery(state=None)) == ["V-1", "V-2"]
    assert numbers(asked, TaskQuery("V-1", None)) == ["V-1"]
    assert numbers(asked, TaskQuery(state=None), after=first.id, limit=1) == ["V-2"]


def test_a_task_is_done_once(asked):
    """Told again it keeps its moment."""
    first = asked.read(list_tasks)[0]

    done = asked.write(finish_task, first.id)

    assert asked.write(finish_task, first.id) == done


def test_tasks_of_another_project_do_not_exist(asked):
    """Neither listed nor done, and told in the same words as about nothing."""
    first = asked.read(list_tasks)[0]
    own = [project.id for project in asked.read(list_projects)]

    assert numbers(asked, projects=own) == ["V-1", "V-2"]
    assert numbers(asked, projects=[UUID(int=1)]) == []
    with pytest.raises(NotFound):
        asked.write(finish_task, first.id, [UUID(int=1)])
    with pytest.raises(NotFound):
        numbers(asked, TaskQuery("V-1"), projects=[UUID(int=1)])
    with pytest.raises(NotFound):
        asked.write(finish_task, UUID(int=2))
    assert numbers(asked) == ["V-1", "V-2"]
