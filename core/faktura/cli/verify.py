"""faktura verify: prove the books, or an audit pack; exit code 1 where a proof fails."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json
from faktura.cli.session import running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faktura.domain.audit_pack import Head
    from faktura.domain.violations import Proof, Violation

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_HEAD_BYTES = 64 * 1024


@click.command()
@click.option("--pack", type=_FILE, help="Prove this audit pack instead; no database is asked.")
@click.option("--head", type=_FILE, help="A head kept before: the chain must still hold that seal.")
@tenant_option
@json_option
def verify(*, pack: Path | None, head: Path | None, tenant: str | None, as_json: bool) -> None:
    """Prove the books: ledger, accounts, numbers, periods, seals, projections, stored bytes."""
    expected = None if head is None else _head(head)
    if pack is not None:
        _verify_pack(pack, expected, as_json=as_json)
    else:
        _verify_books(tenant, expected, as_json=as_json)


def _head(file: Path) -> "Head":
    from faktura.flows.files import read_bounded
    from faktura.flows.pack_verification import read_head

    return read_head(read_bounded(file, _HEAD_BYTES), file.name)


def _verify_pack(pack: Path, expected: "Head | None", *, as_json: bool) -> None:
    from faktura.flows.pack_verification import verify_pack

    verdict = verify_pack(pack, expected)
    if as_json:
        print_json(
            {
                "ok": not verdict.problems,
                "document": verdict.document,
                "head": {"seal": verdict.head.seal, "hash": verdict.head.hash},
                "facts": verdict.facts,
                "seals": verdict.seals,
                "files": verdict.files,
                "unsealed": list(verdict.unsealed),
                "violations": [
                    {"place": place, "problem": problem} for place, problem in verdict.problems
                ],
            }
        )
    else:
        for place, problem in verdict.problems:
            click.echo(f"{place}: {problem}", err=True)
        state = _counted(len(verdict.problems))
        click.echo(
            f"{verdict.document}: {verdict.facts} facts, {verdict.seals} seals,"
            f" {verdict.files} files: {state}"
        )
        if verdict.unsealed:
            click.echo(f"under no seal, they prove nothing: {', '.join(verdict.unsealed)}")
        click.echo(f"chain ends at seal {verdict.head.seal} {verdict.head.hash}")
        if expected is not None and not verdict.problems:
            click.echo(_held(expected))
    if verdict.problems:
        sys.exit(1)


def _verify_books(tenant: str | None, expected: "Head | None", *, as_json: bool) -> None:
    from faktura.flows.verification import verify as prove_all

    found: list[Violation] = []
    proofs: list[Proof] = []

    def settle() -> None:
        """Say how the proof went that was under way."""
        if proofs and not as_json:
            count = sum(1 for violation in found if violation.proof is proofs[-1])
            click.echo(f"{proofs[-1]:<12} {_counted(count)}")

    def begun(proof: "Proof") -> None:
        settle()
        proofs.append(proof)

    with running() as app:
        for violation in prove_all(
            app.database, app.content, app.tenant_id(tenant), begun=begun, expected=expected
        ):
            found.append(violation)
            if not as_json:
                click.echo(f"{violation.place}: {violation.problem}", err=True)
    settle()
    _show(found, proofs, as_json=as_json)
    if found:
        sys.exit(1)
    if expected is not None and not as_json:
        click.echo(_held(expected))


def _counted(violations: int) -> str:
    words = {0: "ok", 1: "1 violation"}
    return words.get(violations, f"{violations} violations")


def _held(head: "Head") -> str:
    return f"the kept head, seal {head.seal}, is in the chain"


def _show(found: "Sequence[Violation]", proofs: "Sequence[Proof]", *, as_json: bool) -> None:
    if as_json:
        rows = [{"proof": one.proof, "place": one.place, "problem": one.problem} for one in found]
        print_json({"ok": not found, "proofs": proofs, "violations": rows})
