"""Who mails come from and which are written: set by a person, on record (F127)."""

import pytest
from tests.services.mails.scene import MailScene

from faktura.domain.events import EventType
from faktura.domain.mail_policies import MailPolicy
from faktura.kernel.errors import FieldInvalid, UnknownTerm
from faktura.kernel.outbox_terms import MailUse
from faktura.services.accounting_events import ledger_id
from faktura.services.mail_settings import MailChange, change_mail_policy
from faktura.store.events import data_of_events
from faktura.store.tenants import read_tenant

NOTHING = MailChange(
    sender=None, sender_name=None, reply_to=None, bounces_to=None, card_days=None, off=(), on=()
)


def change(scene: MailScene, **given: object) -> MailPolicy:
    """Change what is given."""
    with scene.database.write(scene.tenant_id) as tx:
        return change_mail_policy(tx, NOTHING | given, by="mia")  # type: ignore[arg-type]


def test_a_policy_is_changed_as_far_as_it_is_named(scene: MailScene):
    """The rest stays; an empty text clears."""
    change(scene, sender=" post@bücher.example ", sender_name="Werk", off=("dunning", "CHARGEBACK"))

    policy = change(scene, sender_name="", card_days=45, on=("DUNNING",))

    assert policy == MailPolicy(
        "post@xn--bcher-kva.example", card_days=45, off=frozenset({MailUse.CHARGEBACK})
    )
    with scene.database.read(scene.tenant_id) as tx:
        assert read_tenant(tx).mail == policy


def test_what_was_set_before_stays_on_record_without_addresses(scene: MailScene):
    """Events are kept for ever: that an address was set, not whose it is."""
    change(scene, sender="post@werk.example")
    change(scene, sender="post@werk.example")

    with scene.database.read(scene.tenant_id) as tx:
        ((_, told),) = data_of_events(tx, EventType.ACCOUNTING_CHANGED, [ledger_id(tx)])

    none = {"senderName": False, "replyTo": False, "bouncesTo": False, "off": [], "cardDays": 30}
    assert told == {
        "by": "mia",
        "mail": {"sender": True, **none},
        "old": {"sender": False, **none},
    }


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"sender": "post@werk"}, "sender, column 9"),
        ({"reply_to": "a b@werk.example"}, "replyTo, column 2"),
        ({"bounces_to": "a@werk.example\n"}, None),
        ({"bounces_to": "a@werk..example"}, "bouncesTo, column 8"),
        ({"sender_name": "Werk\nBcc: x@y.example"}, "senderName, column 5"),
        ({"card_days": 0}, "cardDays"),
        ({"card_days": 181}, "cardDays"),
        ({"off": ("DUNNING",), "on": ("dunning",)}, "off"),
    ],
)
def test_what_cannot_be_meant_is_refused_where_it_stands(
    scene: MailScene, given: dict[str, object], place: str | None
):
    """Addresses with the column; blanks around them are no fault."""
    if place is None:
        assert change(scene, **given).bounces_to == "a@werk.example"
        return
    with pytest.raises(FieldInvalid) as refused:
        change(scene, **given)

    assert refused.value.place == place
    with scene.database.read(scene.tenant_id) as tx:
        assert read_tenant(tx).mail == MailPolicy()


def test_an_unknown_use_is_refused_with_those_there_are(scene: MailScene):
    """As people write it, in either case."""
    with pytest.raises(UnknownTerm, match="no mails for “news”") as refused:
        change(scene, off=("news",))

    assert "INVOICE, CORRECTION" in refused.value.mend
