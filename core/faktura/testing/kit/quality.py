"""The rules of a connector's quality.toml, each with a check: `faktura plugins check NAME`.

A rule is `"done"`, or `{ exempt = "the reason" }`. No rule without a check, and no exemption from
a rule that is kept: what the file says is what is so.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique

from faktura.kernel.errors import FileUnreadable
from faktura.testing.kit import quality_declared as declared
from faktura.testing.kit import quality_folder as folder
from faktura.testing.kit import quality_source as source
from faktura.testing.kit.quality_connector import Connector

FILE = "quality.toml"
_LEAST_REASON = 20


@unique
class Verdict(StrEnum):
    """What became of a rule; UNSEEN where an installed wheel does not hold what it is about."""

    DONE = "done"
    EXEMPT = "exempt"
    FAILED = "failed"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in words, and its check: what it finds, each with its place; nothing where all is well."""

    name: str
    asks: str
    check: Callable[[Connector], list[str]]
    of_folder: bool = False
    may_be_exempt: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """A rule's verdict; `findings` are sentences, of an exemption its reason."""

    rule: str
    asks: str
    verdict: Verdict
    findings: tuple[str, ...] = ()


RULES = (
    Rule(
        "manifest",
        "name, versions and families are those of the distribution",
        declared.manifest,
        may_be_exempt=False,
    ),
    Rule("hooks", "it loads as the core loads it", declared.loads, may_be_exempt=False),
    Rule("light", "its top module imports nothing beyond faktura.plugin", declared.is_light),
    Rule("secrets", "secret settings are SecretStr", declared.secrets),
    Rule("settings", "every setting is described", declared.settings),
    Rule("border", "it imports faktura.plugin and faktura.kernel of the core only", source.border),
    Rule("clock", "it asks its clock for the time, not the system", source.clock),
    Rule("network", "it opens no connection of its own", source.network),
    Rule("waiting", "it neither sleeps nor retries: the core does", source.waiting),
    Rule("exact", "it computes without float", source.exact),
    Rule("quiet", "it prints nothing and logs to the log it was given", source.quiet),
    Rule("written", "nothing is left to write", source.written, may_be_exempt=False),
    Rule("size", "no file is longer than 300 lines", source.size),
    Rule("typed", "its users' type checkers see its types", source.typed),
    Rule(
        "readme",
        "the README has its name and names files that exist",
        folder.readme,
        of_folder=True,
    ),
    Rule("kit", "its tests inherit the kit for every class it offers", folder.kit, of_folder=True),
)


def judged(connector: Connector, rules: Sequence[Rule] = RULES) -> tuple[Answer, ...]:
    """The answer to each of these rules, then what the file says of rules that do not exist.

    Raises FileUnreadable for a quality.toml that is none.
    """
    said = None if connector.folder is None else _said(connector)
    answers = [_answer(rule, connector, said) for rule in rules]
    known = {rule.name for rule in RULES}
    unknown = (f"{FILE} knows a rule that does not exist",)
    strays = sorted(set(said or ()) - known)
    return tuple(answers) + tuple(Answer(one, "", Verdict.FAILED, unknown) for one in strays)


def _said(connector: Connector) -> Mapping[str, object]:
    file = connector.at(FILE)
    if not file.exists():
        return {}
    try:
        rules = tomllib.loads(file.read_text(encoding="utf-8")).get("rules", {})
    except ValueError as error:
        raise FileUnreadable(f"it is no TOML: {error}", place=str(file)) from error
    if not isinstance(rules, dict):
        raise FileUnreadable("rules is no table", place=str(file), mend="Write [rules]")
    return rules


def _answer(rule: Rule, connector: Connector, said: Mapping[str, object] | None) -> Answer:
    if rule.of_folder and connector.folder is None:
        return Answer(rule.name, rule.asks, Verdict.UNSEEN)
    found = tuple(rule.check(connector))
    verdict = Verdict.FAILED if found else Verdict.DONE
    if said is None:
        return Answer(rule.name, rule.asks, verdict, found)
    match said.get(rule.name):
        case "done":
            return Answer(rule.name, rule.asks, verdict, found)
        case {"exempt": str(reason), **others} if not others:
            return _exempted(rule, reason, found)
        case None:
            return _failed(rule, f"{FILE} does not say whether it is done", *found)
        case _:
            return _failed(rule, f'{FILE}: write "done" or {{ exempt = "the reason" }}', *found)


def _exempted(rule: Rule, reason: str, found: tuple[str, ...]) -> Answer:
    if not found:
        return _failed(
            rule, f'it is kept, so the exemption is unfounded: write {rule.name} = "done"'
        )
    if not rule.may_be_exempt:
        return _failed(rule, "no connector is exempt from it", *found)
    if len(reason.strip()) < _LEAST_REASON:
        return _failed(rule, "the exemption gives no reason", *found)
    return Answer(rule.name, rule.asks, Verdict.EXEMPT, (reason,))


def _failed(rule: Rule, *findings: str) -> Answer:
    return Answer(rule.name, rule.asks, Verdict.FAILED, findings)
