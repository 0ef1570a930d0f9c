"""Adapters without a database: what they keep ends with the process."""

from faktura.hub.nothing_kept import NothingKept


def test_nothing_is_kept_beyond_the_process():
    """No settings, no secrets, and a state that is empty for everyone who asks anew."""
    kept = NothingKept()

    state = kept.state(0, "camt")
    state.put("cursor", {"last": 7})

    assert state.get("cursor") == {"last": 7}
    assert kept.state(0, "camt").get("cursor") is None
    assert (kept.settings(0, "camt"), kept.secrets(0, "camt")) == ({}, {})
