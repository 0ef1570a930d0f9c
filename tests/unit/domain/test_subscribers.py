"""How people name who is told of facts."""

import pytest

from faktura.domain.subscribers import subscriber_named, subscriber_shown

ENDPOINT = "webhook:01a20502710f70008e4031897b380d50"


@pytest.mark.parametrize(
    "text",
    [
        "01a20502-710f-7000-8e40-31897b380d50",
        "01a20502710f70008e4031897b380d50",
        "webhook:01a20502-710f-7000-8e40-31897b380d50",
        "webhook:01a20502710f70008e4031897b380d50",
    ],
)
def test_an_endpoint_is_named_by_its_id_alone_or_behind_its_word(text):
    """As lists of endpoints and of deliveries show it, with hyphens or without."""
    assert subscriber_named(text) == ENDPOINT


@pytest.mark.parametrize("text", ["shop", "webhook:shop"])
def test_every_other_name_is_a_listeners(text):
    """It stays as it was written."""
    assert subscriber_named(text) == text


def test_an_endpoint_is_shown_by_its_id_and_a_listener_by_its_name():
    """What is shown can be given to a command again."""
    assert subscriber_shown(ENDPOINT) == "01a20502-710f-7000-8e40-31897b380d50"
    assert subscriber_shown("example.Everything") == "example.Everything"
