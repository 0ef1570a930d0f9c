"""Tests reach the machine itself and nothing else."""

import socket

import pytest


@pytest.mark.parametrize("host", ["192.0.2.1", "127.example.org", "localhost.example.org"])
@pytest.mark.parametrize("connect", ["connect", "connect_ex"])
def test_a_connection_to_another_machine_is_refused(host, connect):
    """An error no code takes for a network fault, raised before a packet is sent."""
    with socket.socket() as peer, pytest.raises(RuntimeError, match="only connect to loopback"):
        getattr(peer, connect)((host, 443))


def test_a_server_of_the_test_itself_is_reached():
    """Doubles of providers listen on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as peer:
        peer.connect(server.getsockname())

        assert peer.getpeername() == server.getsockname()
