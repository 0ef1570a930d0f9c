"""The error tree: every error has a stable code, a place and a way to mend it.

FakturaError
├── BadInput            a file, row, field or setting cannot be used as given
│   ├── AmountUnreadable, DateUnreadable, TooPrecise, OutOfRange, UnknownTerm
│   ├── FieldMissing, FieldUnknown, FieldInvalid, FieldRepeated
│   └── FileUnreadable, FileUnwritable, HostileFile
├── Refused             the input is readable, a rule forbids the act
│   ├── TransitionRefused, CurrencyMismatch, PriceMissing, TaxCaseMissing
│   ├── FinaliseRefused, RenderRefused, ExportRefused
│   └── NegativeTotal, WrongAccount, ServingRefused
├── NotFound            nothing of that name for this tenant
├── Conflict            another fact is in the way: NumberTaken, WriteRefused
├── Misconfigured       SettingMissing, PluginMissing, PluginBroken, ApiVersionWrong
├── IntegrityBroken     stored facts contradict each other
├── BrokenOff           in the background: DeliveryFailed, WorkerLost, DatabaseUnreachable
└── UnexpectedFailure   a defect of ours that one object ran into

Why a request of another machine is turned away stands in request_errors.py, what other systems
say to us in outside_errors.py.
"""

from typing import ClassVar

from typing_extensions import override

_SHOWN = 60


def shortened(value: object) -> str:
    """`value` as text for a message: one line, at most 60 characters, all of them printable."""
    line = " ".join(str(value).split())
    # What a hostile file says must not steer the terminal it is shown on.
    text = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in line)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


class FakturaError(Exception):
    """An error with a stable `code`; `place` says where, `mend` says what to do. Never a secret.

    `parts` are the errors that it gathers, such as those of all lines of a file.
    """

    code: ClassVar[str] = "faktura_error"
    parts: tuple["FakturaError", ...] = ()

    def __init__(self, problem: str, *, place: str = "", mend: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.place = place
        self.mend = mend

    def at(self, place: str) -> "FakturaError":
        """Prefix the place, when an outer caller knows the file or line."""
        self.place = f"{place}, {self.place}" if self.place else place
        return self

    @override
    def __str__(self) -> str:
        """One line: place, problem, mend."""
        head = f"{self.place}: {self.problem}" if self.place else self.problem
        return f"{head}. {self.mend}" if self.mend else head

    def as_dict(self) -> dict[str, str]:
        """The error for JSON output: code, problem, place, mend."""
        return {"code": self.code, "problem": self.problem, "place": self.place, "mend": self.mend}


class BadInput(FakturaError):
    """A file, row, field or setting cannot be used as given."""

    code = "bad_input"


class AmountUnreadable(BadInput):
    """An amount, price or quantity is not an exact decimal number."""

    code = "amount_unreadable"


class DateUnreadable(BadInput):
    """A date is not an existing day in ISO form."""

    code = "date_unreadable"


class TooPrecise(BadInput):
    """A number has more decimal places than can be stored exactly."""

    code = "too_precise"


class OutOfRange(BadInput):
    """A number or date lies outside what can be stored or meant."""

    code = "out_of_range"


class UnknownTerm(BadInput):
    """A word is not in the closed vocabulary of its field."""

    code = "unknown_term"


class FieldMissing(BadInput):
    """A mandatory field is absent or empty."""

    code = "field_missing"


class FieldUnknown(BadInput):
    """A field is given that nobody reads."""

    code = "field_unknown"


class FieldInvalid(BadInput):
    """A field has a value its rules forbid."""

    code = "field_invalid"


class FieldRepeated(BadInput):
    """The same thing is named twice where it can be named once."""

    code = "field_repeated"


class FileUnreadable(BadInput):
    """A file is not of the format it was given as."""

    code = "file_unreadable"


class FileUnwritable(BadInput):
    """A file cannot be written where it was asked for."""

    code = "file_unwritable"


class HostileFile(BadInput):
    """A file tries what no honest file needs: entities, bombs, links."""

    code = "hostile_file"


class Refused(FakturaError):
    """The input is readable, a rule forbids the act."""

    code = "refused"


class TransitionRefused(Refused):
    """A state does not allow the act (F004)."""

    code = "transition_refused"


class CurrencyMismatch(Refused):
    """Amounts of two currencies meet."""

    code = "currency_mismatch"


class PriceMissing(Refused):
    """No price is valid on the day that decides."""

    code = "price_missing"


class TaxCaseMissing(Refused):
    """The tenant has not set up the tax case a line needs; it is never billed at 19 % silently."""

    code = "tax_case_missing"


class FinaliseRefused(Refused):
    """A document lacks what the law or the customer's format demands (F044); no number was spent."""

    code = "finalise_refused"


class RenderRefused(Refused):
    """A document cannot be written in the asked format."""

    code = "render_refused"


class ExportRefused(Refused):
    """An accounting export would not be right; nothing was handed over."""

    code = "export_refused"


class EntryUnbalanced(Refused):
    """A manual entry whose debits are not its credits."""

    code = "entry_unbalanced"


class NegativeTotal(Refused):
    """A run would issue an invoice below zero; credit needs a correction (P18)."""

    code = "negative_total"


class WrongAccount(Refused):
    """A statement belongs to another bank account than the one chosen (F099)."""

    code = "wrong_account"


class ServingRefused(Refused):
    """Other machines would reach the pages, and nobody set by which address."""

    code = "serving_refused"


class NotFound(FakturaError):
    """Nothing of that name exists for this tenant."""

    code = "not_found"


class Conflict(FakturaError):
    """Another fact is in the way."""

    code = "conflict"


class NumberTaken(Conflict):
    """The number exists already (F063, P22)."""

    code = "number_taken"


class WriteRefused(Conflict):
    """The database did not take a transaction: a constraint, a deadlock, a lock held too long."""

    code = "write_refused"


class Misconfigured(FakturaError):
    """The installation or a tenant's settings do not allow a start."""

    code = "misconfigured"


class SettingMissing(Misconfigured):
    """A setting or secret that is needed is not set."""

    code = "setting_missing"


class PluginMissing(Misconfigured):
    """An enabled plugin is not installed."""

    code = "plugin_missing"


class PluginBroken(Misconfigured):
    """An enabled plugin does not keep the contract."""

    code = "plugin_broken"


class ApiVersionWrong(Misconfigured):
    """A plugin was written for another version of the hook contract."""

    code = "api_version_wrong"


class IntegrityBroken(FakturaError):
    """Stored facts contradict each other; `faktura verify` names the place."""

    code = "integrity_broken"


class BrokenOff(FakturaError):
    """Work in the background did not reach its end; it is tried again."""

    code = "broken_off"


class WorkerLost(BrokenOff):
    """The worker that ran a job stopped without settling it."""

    code = "worker_lost"


class DatabaseUnreachable(BrokenOff):
    """The database does not answer now, or is held by someone else for too long."""

    code = "database_unreachable"


class UnexpectedFailure(FakturaError):
    """A defect of ours that one object ran into; the rest goes on (O19)."""

    code = "unexpected_failure"
