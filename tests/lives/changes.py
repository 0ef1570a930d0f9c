"""Changes of mind: items, cycles, pauses, the end; each with what the life writes down about it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.lives.day_table import Rest
from tests.lives.machine import Life, Step, chosen, chosen_day, running
from tests.lives.records import ContractRecord, ItemRecord
from tests.lives.world import given, offers_for

from faktura.domain.pauses import Pause
from faktura.services.booking_splits import split_booked_item
from faktura.services.imports.change_fields import (
    AlignFields,
    SmallUpgradeFields,
    TerminateFields,
)
from faktura.services.pausing import pause_subscription, resume_subscription
from faktura.services.termination import terminate_contract
from faktura.services.upgrades import align_cycle, upgrade_small

_DAY = timedelta(days=1)


def upgrade(life: Life, step: Step) -> str:
    """More, fewer, another article, the end of an item, another item; sometimes two at once."""
    record, day = life.record, chosen_day(life, step)
    item_id = chosen(record, step)
    item = record.items[item_id]
    offers = offers_for(record.interval.unit)
    other = offers[(step.how + step.item) % len(offers)]
    change: dict[str, object] = {"item_id": item_id}
    new: list[ItemRecord] = []
    then = replace(item, start=day, elsewhere_until=None)
    match step.how % 5:
        case 0:
            change["quantity"] = item.quantity + 1
            new.append(replace(then, quantity=item.quantity + 1))
        case 1:
            change["quantity"] = "0.5"
            new.append(replace(then, quantity=Fraction(1, 2)))
        case 2:
            change["article_number"] = other.number
            new.append(replace(then, offer=other))
        case 3:
            change["remove"] = True
        case _:
            change = {}
    add = []
    if not change or step.how > 14:
        add.append({"article_number": other.number, "quantity": "2"})
        # Booked out to the day, the contract has no service behind its end for new items either.
        to_the_day = any(one.until == record.end for one in record.items.values())
        end = record.end if to_the_day else None
        new.append(ItemRecord(other, Fraction(2), record.anchor, day, end))
    wanted = given(SmallUpgradeFields, date=day, items=[change] if change else [], add=add)
    with life.write() as tx:
        asked = life.world.asked(record.number, life.today)
        upgrade_small(tx, life.world.desk(), asked, wanted)
    if change:
        record.items[item_id] = item.ended(day)
    life.adopt(record, new)
    return f"{change} {add} from {day}"


def align(life: Life, step: Step) -> str:
    """Periods of one item or of all are counted from another day on."""
    record, day = life.record, chosen_day(life, step)
    behind = [key for key, item in record.items.items() if item.runs_behind(day)]
    ids = behind if step.how % 2 else [chosen(record, step)]
    wanted = given(
        AlignFields,
        start_of_new_service_period=day,
        item_ids=[] if step.how % 2 else ids,
    )
    with life.write() as tx:
        align_cycle(tx, life.world.desk(), life.world.asked(record.number, life.today), wanted)
    if set(ids) == set(behind):
        record.anchor = day
    new = [
        replace(
            record.items[key],
            start=max(day, record.items[key].start),
            anchor=day,
            elsewhere_until=None,
        )
        for key in ids
    ]
    for key in ids:
        record.items[key] = record.items[key].ended(day)
    life.adopt(record, new)
    return f"{'all' if step.how % 2 else ids} to {day}"


def pause(life: Life, step: Step) -> str:
    """The contract rests for some weeks, or until it is resumed; what is billed stays."""
    record, start = life.record, chosen_day(life, step)
    end = start + (5 + 11 * step.how) * _DAY if step.how % 2 else None
    with life.write() as tx:
        rest = Pause(start, end, "Urlaub")
        pause_subscription(tx, life.world.tenant, record.number, rest)
    record.rests = sorted([*record.rests, Rest(start, end)], key=lambda rest: rest.start)
    record.spared |= {
        (row.item_id, row.service_start, row.service_end)
        for row in life.books.standing
        if row.item_id in record.items
    }
    return f"from {start} to {end}"


def resume(life: Life, step: Step) -> str:
    """The open pause ends."""
    record, day = life.record, chosen_day(life, step)
    with life.write() as tx:
        resume_subscription(tx, life.world.tenant, record.number, on=day)
    record.rests = [
        rest if rest.end is not None else Rest(rest.start, day) for rest in record.rests
    ]
    return f"on {day}"


def terminate(life: Life, step: Step) -> str:
    """The contract ends, to the day or with the period."""
    record, end = life.record, chosen_day(life, step)
    to_the_day = bool(step.how % 2)
    wanted = given(TerminateFields, end=end, to_the_day=to_the_day, extraordinary=True)
    with life.write() as tx:
        asked = life.world.asked(record.number, life.today)
        terminate_contract(tx, life.world.desk(), asked, wanted)
    record.end, record.state = end, "TERMINATED"
    if to_the_day:
        _cut(record, end)
    return f"to {end}, to the day: {to_the_day}"


def _cut(record: ContractRecord, end: date) -> None:
    for key, item in record.items.items():
        if item.runs_behind(end):
            record.items[key] = item.ended(end)


def split(life: Life, step: Step) -> str:
    """An item of several becomes two, from where it is not billed yet."""
    record = life.record
    many = [key for key in running(record) if record.items[key].quantity > 1]
    item_id = many[step.item % len(many)] if many else chosen(record, step)
    item = record.items[item_id]
    with life.write() as tx:
        done = split_booked_item(tx, life.world.tenant, record.number, item_id, Decimal("0.5"))
    on = done.parts[0].start
    part = Fraction(1, 2)
    if done.parts[0].id == item_id:
        record.items[item_id] = replace(item, quantity=item.quantity - part)
        new = [replace(item, quantity=part)]
    else:
        record.items[item_id] = item.ended(on)
        whole = replace(item, start=on, elsewhere_until=None)
        new = [replace(whole, quantity=item.quantity - part), replace(whole, quantity=part)]
    life.adopt(record, new)
    return f"{item.offer.number} on {on}"
