"""faktura verify: prove the books; exit code 1 and the exact places where a proof fails."""

import sys

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json
from faktura.cli.session import running


@click.command()
@tenant_option
@json_option
def verify(*, tenant: str | None, as_json: bool) -> None:
    """Prove the books: ledger, accounts, numbers, periods, seals, projections, stored bytes."""
    from faktura.domain.violations import Proof, Violation
    from faktura.flows.verification import verify as prove_all

    found: list[Violation] = []
    proofs: list[Proof] = []

    def settle() -> None:
        """Say how the proof went that was under way."""
        if proofs and not as_json:
            count = sum(1 for violation in found if violation.proof is proofs[-1])
            click.echo(f"{proofs[-1]:<12} {f'{count} violations' if count else 'ok'}")

    def begun(proof: Proof) -> None:
        settle()
        proofs.append(proof)

    with running() as app:
        for violation in prove_all(app.database, app.content, app.tenant_id(tenant), begun=begun):
            found.append(violation)
            if not as_json:
                click.echo(f"{violation.place}: {violation.problem}", err=True)
    settle()
    if as_json:
        rows = [{"proof": one.proof, "place": one.place, "problem": one.problem} for one in found]
        print_json({"ok": not found, "proofs": proofs, "violations": rows})
    if found:
        sys.exit(1)
