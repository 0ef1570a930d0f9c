"""The options that mean the same in every command."""

import click

tenant_option = click.option(
    "--tenant",
    metavar="KEY",
    help="Which tenant; may be left out when there is only one.",
)
force_option = click.option("--force", is_flag=True, help="Replace a file of that name.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")
