"""docs/payments.md explains every state and task; its commands are tested with those of all pages."""

import json
import re
from pathlib import Path

from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.payment_terms import AttemptState, FollowUp, InboxState
from faktura.services.imports.entries import Form
from faktura.services.imports.policy_fields import PolicyFields
from faktura.services.imports.validation import fields_of

_PAGE = (Path(__file__).parents[3] / "docs" / "payments.md").read_text(encoding="utf-8")


def test_the_policy_file_of_the_page_is_one() -> None:
    """Whoever copies it gets what it says."""
    (text,) = re.findall(r"^```json\n(.*?)^```", _PAGE, re.DOTALL | re.MULTILINE)

    policies = fields_of(PolicyFields, json.loads(text), Form.FILE).policies

    card, debit = policies.by_method.values()
    assert {card.follow_up, debit.follow_up} == {
        FollowUp.CONTRACT_TO_TRANSFER,
        FollowUp.CUSTOMER_TO_TRANSFER,
    }


def test_the_page_says_what_every_state_and_task_means() -> None:
    """One that is added later is explained, too."""
    payments = [one for one in TaskKind if one.startswith(("PAYMENT", "REFUND", "CHARGEBACK"))]
    words = [*AttemptState, *InboxState, *FollowUp, *payments, TaskKind.PROVIDER_BROKEN]

    assert [word for word in words if f"`{word}`" not in _PAGE and word != InboxState.DONE] == []
