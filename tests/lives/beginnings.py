"""How a life begins and how it is brought to its end."""

from datetime import date, timedelta
from fractions import Fraction

from tests.event_bodies import told
from tests.lives.day_table import Cycle, Rest
from tests.lives.dealings import run
from tests.lives.machine import Acts, Life, Plan
from tests.lives.records import ContractRecord, ItemRecord
from tests.lives.world import World, given, offers_for

from faktura.domain.events import EventType
from faktura.flows.contract_day import settle_day
from faktura.services.contracts import activate_contracts
from faktura.services.imports.change_fields import TerminateFields
from faktura.services.interim_billing import bill_interim
from faktura.services.pausing import resume_subscription
from faktura.services.termination import terminate_contract

_DAY = timedelta(days=1)


def live(world: World, plan: Plan, acts: Acts, *, thorough: bool = False) -> Life:
    """Conclude the contract, let everything happen to it, and see it to its end."""
    life = Life(world, plan.start, thorough)
    conclude(life, plan)
    try:
        life.check()
        for step in plan.steps:
            life.take(step, acts[step.what])
        finish(life, to_the_day=len(plan.steps) % 2 == 0)
    except BaseException as error:
        error.add_note("\n".join(life.story))
        raise
    return life


def conclude(life: Life, plan: Plan) -> None:
    """The contract as a draft, with its items."""
    offers, start = offers_for(plan.interval.unit), plan.start
    free = plan.payment_after or 0
    items = [
        ItemRecord(
            offers[no % len(offers)],
            Fraction(quantity),
            start,
            start,
            elsewhere_until=None if elsewhere is None else start + (free + elsewhere) * _DAY,
        )
        for no, quantity, elsewhere in plan.items
    ]
    payment = None if plan.payment_after is None else start + plan.payment_after * _DAY
    term = None if plan.term is None else Cycle(plan.term, plan.interval.unit)
    subscription = {
        "items": [
            {
                "article_number": item.offer.number,
                "quantity": item.quantity,
                "billed_until": item.elsewhere_until,
            }
            for item in items
        ],
        "payment_start": payment,
        "minimum_term": None if term is None else {"count": term.count, "unit": term.unit},
        "renewal": None if term is None else "NONE",
    }
    contract = life.world.create(
        start=start,
        billing_interval={"count": plan.interval.count, "unit": plan.interval.unit},
        bill_in_advance=plan.in_advance,
        day_count=plan.convention,
        subscriptions=[subscription],
    )
    record = ContractRecord(
        contract.id,
        contract.number,
        start,
        plan.interval,
        start,
        plan.in_advance,
        plan.convention,
        payment,
        None if term is None else term.from_anchor(start, 1),
    )
    life.records.append(record)
    life.tell(f"concluded: {plan}")
    life.adopt(record, items)


def finish(life: Life, *, to_the_day: bool) -> None:
    """Activate what is a draft, resume what rests, terminate what runs, and bill it all."""
    for record in life.records:
        _see_to_its_end(life, record, to_the_day=to_the_day)
    ends = [
        day
        for record in life.records
        for day in (record.end, record.not_before, *(rest.end for rest in record.rests))
        if day is not None
    ]
    life.today = max(life.today, *ends) + timedelta(days=800)
    life.keep_time()
    for record in life.records:
        run(life, record)
        with life.write() as tx:
            bill_interim(tx, life.world.desk(), record.number, life.today)
    settle_day(life.world.database, life.world.tenant, life.today)
    life.check()
    life.verify()
    _see_what_was_told(life)
    assert {record.state for record in life.records} == {"ENDED"}


def _see_what_was_told(life: Life) -> None:
    """Each fact fits its published schema, and the last of each contract is its end."""
    with life.world.database.read(life.world.tenant.id) as tx:
        bodies = told(tx, *(kind for kind in EventType if kind.startswith("CONTRACT_")))
    last = {body["object"]["id"]: body for body in bodies}
    assert {body["type"] for body in last.values()} == {"CONTRACT_ENDED"}
    assert {body["data"]["contract"]["state"] for body in last.values()} == {"ENDED"}


def _see_to_its_end(life: Life, record: ContractRecord, *, to_the_day: bool) -> None:
    number, tenant = record.number, life.world.tenant
    with life.write() as tx:
        if record.state == "DRAFT":
            activate_contracts(tx, tenant, [number])
            record.state = "ACTIVE"
        for no, rest in enumerate(record.rests):
            if rest.end is None and record.state != "ENDED":
                on = max(life.today, rest.start + _DAY)
                on = on if record.end is None else min(on, record.end)
                if on <= rest.start:
                    continue
                resume_subscription(tx, tenant, number, on=on)
                record.rests[no] = Rest(rest.start, on)
    life.tell(f"last acts on {number}")
    life.check()
    if record.state != "ACTIVE":
        return
    elsewhere = [item.elsewhere_until or date.min for item in record.items.values()]
    end = max(life.today, record.start, *elsewhere) + 3 * _DAY
    if record.convention == "NONE":
        to_the_day = False
    wanted = given(TerminateFields, end=end, to_the_day=to_the_day, extraordinary=True)
    with life.write() as tx:
        asked = life.world.asked(number, life.today)
        terminate_contract(tx, life.world.desk(), asked, wanted)
    record.end, record.state = end, "TERMINATED"
    if to_the_day:
        record.items |= {key: item.ended(end) for key, item in record.items.items()}
    life.tell(f"terminated {number} to {end}, to the day: {to_the_day}")
    life.check()
