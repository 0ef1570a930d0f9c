"""What a person should look at in a statement: gaps, balances that do not go on (banking 2.5)."""

from collections.abc import Iterator, Sequence

from faktura.domain.bank_accounts import BankAccount
from faktura.domain.statement_chains import StatedBalances, chain_problems, missing_sequences
from faktura.plugin import StatementKind
from faktura.services.parsed_statements import Checked, ParsedStatement, money_of
from faktura.store.statements import known_sequences, last_balances, read_balances
from faktura.store.transaction import Tx

_UNBALANCED = "its balances do not add up: nothing of it is booked by itself"
_UNCHECKED = "its pages do not all lie here: its balances are not checked"


def statement_warnings(
    tx: Tx, account: BankAccount, checked: Checked, beside: Sequence[ParsedStatement]
) -> list[str]:
    """What is odd about a statement; `beside` are those of its upload.

    Only statements proper are counted and follow one another: reports of a day have numbers of their
    own, and interim balances.
    """
    statement = checked.statement
    warnings = list(statement.end.warnings)
    if checked.problem:
        warnings.append(checked.problem)
    if checked.balanced is False:
        warnings.append(_UNBALANCED)
    elif checked.balanced is None and statement.start.page is not None:
        warnings.append(_UNCHECKED)
    sequence, day = statement.start.sequence, statement.ends_on
    if statement.start.kind is not StatementKind.STATEMENT or sequence is None:
        return warnings
    year = day.year if day else None
    known = known_sequences(tx, account.id, year)
    missing = missing_sequences([*known, *_numbers(beside, year)], sequence)
    if len(missing) == 1:
        warnings.append(f"statement {missing[0]} is missing")
    elif missing:
        warnings.append(f"statements {missing[0]} to {missing[-1]} are missing")
    if day is not None:
        warnings += _chain_warnings(tx, account, statement, sequence, day.year)
    return warnings


def is_doubtful(tx: Tx, account: BankAccount, one: Checked) -> bool:
    """Whether its balances do not add up, or do not go on where its neighbours' ended."""
    statement = one.statement
    sequence, day = statement.start.sequence, statement.ends_on
    if one.balanced is False or sequence is None or day is None:
        return one.balanced is False
    return bool(_chain_warnings(tx, account, statement, sequence, day.year))


def _numbers(statements: Sequence[ParsedStatement], year: int | None) -> Iterator[int]:
    """Banks count from 1 each year."""
    for one in statements:
        own = one.ends_on.year if one.ends_on else None
        if one.start.sequence is not None and own == year:
            yield one.start.sequence


def _chain_warnings(
    tx: Tx, account: BankAccount, statement: ParsedStatement, sequence: int, year: int
) -> list[str]:
    end = statement.end
    own = StatedBalances(
        sequence, statement.start.page, money_of(end.opening), money_of(end.closing)
    )
    others = read_balances(tx, account, year, {sequence - 1, sequence, sequence + 1})
    if sequence == 1 and (last := last_balances(tx, account, year - 1)):
        # Banks count from 1 each year: the last one of the year before stands before it.
        others.append(StatedBalances(0, None, last.opening, last.closing))
    return chain_problems(own, others)
