"""What nobody knows the outcome of is found out: repeated to the letter, or looked up (payments 6.5).

An attempt comes here when its time to be asked has come: left behind by a crash, without an answer,
on its way, or waiting for the customer. Nothing is guessed; what stays unknown blocks its document.
What was sent over an account that is paused by now comes to its end, too, but nothing is sent again.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from faktura.domain.attempt_checks import may_repeat
from faktura.domain.attempts import Attempt
from faktura.flows.attempt_calls import LEASE, Ask, Asking, Calls, Tally
from faktura.flows.collecting import Desks, Till, open_desks
from faktura.flows.transactions import in_read_tx
from faktura.kernel.payment_terms import AttemptChannel, AttemptState, ProviderState
from faktura.services.sending_attempts import mark_sent, take_turn
from faktura.store.attempts import due_for_check
from faktura.store.payment_accounts import list_accounts
from faktura.store.transaction import Tx

_AT_ONCE = 200
# A run ends; what is due by then is the next one's.
_MOST = 10_000


async def resolve(till: Till) -> Tally:
    """Ask about every attempt whose time has come, over accounts that are asked now."""
    paused = await in_read_tx(
        till.database, till.tenant.id, _paused_ones, till.database.clock.now()
    )
    desks = await open_desks(till, paused)
    calls = Calls(till.database, till.tenant, desks.providers, desks.able)
    if not desks.providers:
        return calls.tally

    async def groups() -> AsyncIterator[Sequence[Ask]]:
        seen = 0
        now = till.database.clock.now()
        while seen < _MOST:
            due = await in_read_tx(till.database, till.tenant.id, _due, now, desks)
            if not due:
                return
            seen += len(due)
            yield await _leased(calls, desks, due, now)

    return await calls.run(groups())


def _paused_ones(tx: Tx, now: datetime) -> set[str]:
    """The paused accounts over which something was sent that is to be asked about by now."""
    return {
        one.instance
        for one in list_accounts(tx)
        if one.state is ProviderState.PAUSED and due_for_check(tx, now, 1, (), [one.instance])
    }


def _due(tx: Tx, now: datetime, desks: Desks) -> list[Attempt]:
    paused = desks.providers.keys() & desks.paused
    return due_for_check(tx, now, _AT_ONCE, desks.providers.keys() - paused, paused)


async def _leased(calls: Calls, desks: Desks, due: Sequence[Attempt], now: datetime) -> list[Ask]:
    """Take these attempts for ourselves, each with what is asked about it."""
    asks = [(one, _asking(one, desks, now)) for one in due]
    repeated = [one for one, asking in asks if asking is Asking.COLLECT]
    others = {one.id: asking for one, asking in asks if asking is not Asking.COLLECT}
    found: list[Ask] = []
    if repeated:
        sending = await calls.write(mark_sent, repeated, LEASE)
        found += [Ask(one, Asking.COLLECT) for one in sending.sent]
        found += [Ask(one, Asking.LOOK_UP) for one in sending.asked]
    if others:
        taken = await calls.write(take_turn, [one for one in due if one.id in others], LEASE)
        found += [Ask(one, others[one.id]) for one in taken]
    return found


def _asking(one: Attempt, desks: Desks, now: datetime) -> Asking:
    if one.channel is AttemptChannel.PAGE:
        return Asking.PAGE
    match one.state:
        case AttemptState.CREATED:
            return Asking.COLLECT
        case AttemptState.ACTION_NEEDED:
            # Its time is over: nobody may complete it later.
            return Asking.CANCEL
        case AttemptState.SENT | AttemptState.UNKNOWN:
            window = desks.able[one.instance].key_window
            repeated = one.instance not in desks.paused and may_repeat(one, window, now)
            return Asking.COLLECT if repeated else Asking.LOOK_UP
        case _:
            return Asking.LOOK_UP
