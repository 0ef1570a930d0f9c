"""faktura accounting process-document: the skeleton of the Verfahrensdokumentation."""

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from faktura.cli.options import force_option, tenant_option
from faktura.cli.output import say
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.bootstrap import App
    from faktura.flows.process_document import Installed


@click.command("process-document")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The Markdown file to write; shown here without it.",
)
@force_option
@tenant_option
def process_document(*, out: Path | None, force: bool, tenant: str | None) -> None:
    """Write the skeleton of the process documentation (GoBD), in German, from what is set up now."""
    from faktura.flows.files import check_absent, write_whole
    from faktura.flows.process_document import process_document as write
    from faktura.services.process_facts import process_facts

    if out is not None and not force:
        check_absent(out)
    with running() as app:
        with app.database.read(app.tenant_id(tenant)) as tx:
            facts = process_facts(tx)
        text = write(facts, _installed(app))
    if out is None:
        click.echo(text, nl=False)
        return
    write_whole(out, text.encode())
    say(f"{out}: fill in what stands in brackets.", as_json=False)


def _installed(app: "App") -> "Installed":
    from faktura.flows.process_document import Installed
    from faktura.store.migrations import current

    return Installed(
        version("faktura"),
        app.database.engine.dialect.name,
        current(app.database),
        app.registry.plugins,
        sorted(app.registry.exporters),
        sorted(app.registry.formats),
    )
