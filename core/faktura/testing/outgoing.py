"""The way out of an adapter's test: to doubles on this machine, and nowhere else."""

from faktura.flows.outgoing import OutgoingHttp
from faktura.plugin import Http


def http_to(*hosts: str) -> Http:
    """The core's own way out, for doubles at these hosts (name:port)."""
    return OutgoingHttp(frozenset(hosts))
