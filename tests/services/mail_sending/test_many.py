"""Many mails in one pass: each once, each lane in order, and few statements for all."""

import asyncio
from collections import Counter

from sqlalchemy import event
from tests.services.mail_sending.outbox import Outbox
from tests.services.mail_sending.post_office import PostOffice, as_bytes

from faktura.kernel.outbox_terms import MailState


def test_many_mails_go_in_one_pass_each_once_and_each_lane_in_order(outbox: Outbox) -> None:
    """P48: 1,000 mails of 100 customers over 8 connections; reads grow with pages, not with mails."""
    office = PostOffice()
    mails = outbox.mails([(f"K-{no % 100}", f"{no:04}") for no in range(1_000)])
    statements: list[str] = []
    event.listen(
        outbox.database.engine,
        "before_cursor_execute",
        lambda _c, _cur, statement, *_rest: statements.append(statement),
    )

    outbox.send(office.open(), CONNECTIONS="8")
    kept = list(statements)

    assert outbox.states() == {MailState.SENT: 1_000}
    assert len(mails) == len(office.taken) == 1_000
    for lane in range(100):
        own = [one for one in office.taken if one.rcpt_tos == [f"K-{lane}@kunde.example"]]
        assert [as_bytes(one).count(b"Subject: ") for one in own] == [1] * 10
        subjects = [
            line
            for one in own
            for line in as_bytes(one).splitlines()
            if line.startswith(b"Subject: ")
        ]
        assert subjects == sorted(subjects)
    assert office.connected == 8
    count = Counter(one.split(maxsplit=1)[0] for one in kept)
    # 5 pages of 200 mails and the empty one behind them; each of at most 1,001 turns keeps and takes.
    assert count["SELECT"] <= 60
    assert count["UPDATE"] <= 2 * 1_001
    assert count["INSERT"] == 0


def test_a_mail_without_a_server_is_a_file(outbox: Outbox) -> None:
    """While developing nothing leaves the machine: one file a mail, in the tenant's folder."""
    mail = outbox.mail()

    asyncio.run(outbox.pump())

    file = outbox.folder / "mails" / "werk" / f"{mail}.eml"
    assert b"Subject: Ihre Rechnung\r\n" in file.read_bytes()
    assert outbox.state(mail) is MailState.SENT
