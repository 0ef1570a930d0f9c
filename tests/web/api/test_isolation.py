"""A key of one tenant reaches nothing of another one: not by any operation, number, body or list."""

from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import select
from tests.web.api.bank_files import IBAN, OCTOBER
from tests.web.api.paid_over_provider import taken_back

from faktura.domain.bank_connections import AccountFacts, BankConnection, ConnectedAccount
from faktura.domain.debit_files import KeptFile
from faktura.domain.deliveries import DeliveryFilter
from faktura.domain.payment_accounts import PaymentAccount
from faktura.flows.dunning import run_dunning
from faktura.kernel.money import Money
from faktura.kernel.outbox_terms import MailUse
from faktura.kernel.payment_terms import MandateScheme
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import MeansReference, SavedMeans
from faktura.services.handing_out import hand_out
from faktura.services.mail_outbox import ask_for_mail
from faktura.services.payment_means import save_means
from faktura.services.webhook_endpoints import EndpointWish, add_endpoint
from faktura.store.bank_connections import put_feed_accounts, write_connection
from faktura.store.customers import read_customer
from faktura.store.debit_files import write_file
from faktura.store.delivery_lists import list_deliveries
from faktura.store.dunning_notices import NoticeFilter, list_notices
from faktura.store.exports import StoredBatch, StoredFile, write_batch
from faktura.store.mails import mail_of_fact
from faktura.store.payment_accounts import write_account
from faktura.store.tables import bank_feed, event
from faktura.web.api.application import operations

CUSTOMER = {"name": "X", "isBusiness": True, "billingAddress": {"country": "DE"}}
CONTRACT = {
    "customerNumber": "K-SUED",
    "project": "main",
    "start": "2026-11-01",
    "billingInterval": {"unit": "MONTH"},
}
# A body for every operation that takes one and names an object in its address.
BODIES: Mapping[str, object] = {
    "invoicePaymentSession": {},
    "customerUpdate": {"name": "taken over"},
    "customerSimulateDate": {"date": "2027-01-31"},
    "contractUpdate": {"extraTextInvoiceHeader": "taken over"},
    "contractActivityCreate": {"articleNumber": "A-4", "quantity": "1", "from": "2026-10-01"},
    "contractActivityUpdate": {"text": "taken over"},
    "contractActivitySplit": {"quantity": "1"},
    "subscriptionItemUpdate": {"note": "taken over"},
    "subscriptionItemSplit": {"quantity": "0.5"},
    "subscriptionItemSpecialPrices": {"prices": [{"unitPrice": "1"}]},
    "contractDiscountAdd": {"percent": "100"},
    "contractDiscountEnd": {"validUntil": "2026-11-01"},
    "contractFirstShare": {"until": "2026-10-15"},
    "contractMoveInvoiceDate": {"date": "2026-12-24", "reason": "INDIVIDUAL", "text": "taken over"},
    "contractPreview": {},
    "contractSmallUpgrade": {
        "date": "2026-10-11",
        "items": [{"currentArticleNumber": "A-4", "quantity": "9"}],
    },
    "contractLargeUpgrade": {"date": "2026-10-11", "template": "template-sued"},
    "contractAlignCycle": {"startOfNewServicePeriod": "2026-10-11"},
    "contractTerminate": {"extraordinary": True},
    "contractInterimBilling": {"date": "2026-11-01"},
    "contractWhatIf": {"changes": [{"terminate": {}}]},
    "contractDepositCreate": {"positions": [{"articleNumber": "A-4", "net": "1"}]},
    "contractDepositFromReceipt": {
        "amount": "1.00",
        "articleNumber": "A-4",
        "receivedOn": "2026-10-20",
    },
    "contractFinalInvoice": {"deposits": []},
    "contractPause": {"start": "2026-11-01", "reason": "taken over"},
    "contractResume": {"on": "2026-11-01"},
    "customerOpeningItemCreate": {
        "number": "ALT-1",
        "issuedOn": "2026-08-01",
        "dueOn": "2026-08-15",
        "amount": "1.00",
    },
    "invoiceCancel": {},
    "invoiceRebill": {},
    "invoiceSetUnpaid": {"reason": "taken over"},
    "creditNoteCorrect": {"reason": "taken over"},
    "invoicePaymentRecord": {"amount": "1.00", "account": IBAN, "valueDate": "2026-10-20"},
    "customerPaymentRecord": {"amount": "1.00", "account": IBAN, "valueDate": "2026-10-20"},
    "customerRefundRecord": {"amount": "1.00", "account": IBAN, "valueDate": "2026-10-20"},
    "invoicePaymentRefund": {"amount": "1.00", "reason": "taken over"},
    "paymentUndo": {"reason": "taken over"},
    "invoiceWriteOff": {"amount": "1.00", "reason": "taken over"},
    "invoiceWriteOffUndo": {"reason": "taken over"},
    "mandateConfirm": {"confirmedOn": "2026-10-01"},
    "mandateAmend": {"iban": IBAN},
    "mandateRevoke": {"reason": "taken over"},
    "paymentMeansUse": {},
    "paymentAccountPause": {"reason": "taken over"},
    "debitFileCancel": {"reason": "taken over"},
    "contractTemplateUpdate": {"name": "taken over"},
    "contractFromTemplate": {"customerNumber": "K-SUED", "start": "2026-11-01"},
    "customerContractFromTemplate": {"template": "template-sued", "start": "2026-11-01"},
    "itemUpdate": {"name": "taken over"},
    "itemPricesAdd": {"prices": [{"unitPrice": "1", "validFrom": "2027-01-01"}]},
    "bankAccountUpdate": {"ledgerAccount": "1200"},
    "ledgerAccountUpdate": {"name": "taken over"},
    "journalEntryReverse": {"reason": "taken over"},
    "bankConnectionSync": {},
    "bankConnectionNewCredentials": {},
    "bankConnectionLink": {"account": "1", "iban": IBAN},
    "bankTransactionAssign": {"customerNumber": "K-1"},
    "bankTransactionConfirm": {},
    "bankTransactionDismiss": {"reason": "taken over"},
    "bankTransactionSplit": {"credits": [{"customerNumber": "K-SUED", "amount": "1.00"}]},
    "bankTransactionUndo": {"reason": "taken over"},
    "accountingExportVoid": {"reason": "taken over"},
    "webhookUpdate": {"description": "taken over"},
    "mailResend": {},
    "dunningNoticeWaive": {"reason": "taken over"},
}
# What an operation must be asked with beside its address.
QUERIES: Mapping[str, str] = {
    "customerAccountStatement": "?from=2026-10-01&until=2026-10-31",
}


def exported(app):
    """A batch of an export that Süd made."""
    tenant = app.tenant_id("sued")
    content = b"SU-000001"
    file = StoredFile("sued.txt", "text/plain", app.content.put(tenant, content).hex(), 9, 1)
    with app.database.write(tenant) as tx:
        day = tx.now().date()
        write_batch(tx, StoredBatch("paper", 1, day, day, tx.now(), (file,)), [])


def filed(app):
    """A file of debits of Süd's account."""
    tenant, digest = app.tenant_id("sued"), app.content.put(app.tenant_id("sued"), b"SU-000001")
    with app.database.write(tenant) as tx:
        now, total = tx.now(), Money(100, "EUR")
        write_file(
            tx,
            KeptFile(
                "till", 1, "FKT1-X000000000000", "sued.xml", "application/xml", digest, 1, total,
                MandateScheme.CORE, now.date(), now.date(), now, now, (), {},
            ),
        )  # fmt: skip


def asked_mail(app):
    """The id of a mail that Süd's customer is to get."""
    with app.database.write(app.tenant_id("sued")) as tx:
        customer = read_customer(tx, "K-SUED")
        ask_for_mail(tx, MailUse.CHARGEBACK, "test", lane="K-SUED", customer_id=customer.id)
        return str(mail_of_fact(tx, "test", MailUse.CHARGEBACK))


def connected(app):
    """The id of a connection to a bank that Süd made, with an account."""
    with app.database.write(app.tenant_id("sued")) as tx:
        now, own = tx.now(), {"tenant_id": tx.tenant_id}
        tx.connection.execute(
            bank_feed.insert().values(
                **own, instance="fed", feed="double", created_at=now, changed_at=now
            )
        )
        made = BankConnection(tx.new_id(), "fed", "101", "Südbank")
        write_connection(tx, made)
        put_feed_accounts(tx, [ConnectedAccount(made.id, "1", None, AccountFacts(iban=IBAN))])
        return str(made.id)


def saved(app):
    """The id of a card that Süd's customer left at Süd's account."""
    with app.database.write(app.tenant_id("sued")) as tx:
        write_account(tx, PaymentAccount("till", "double", frozenset({PaymentMethod.CARD})))
        customer = read_customer(tx, "K-SUED")
        reference = MeansReference(reference="tok1")
        card = SavedMeans(means=reference, method=PaymentMethod.CARD, label="Visa 4242")
        return str(save_means(tx, customer.id, "till", card).id)


def sent(app):
    """The id of a fact on its way to somebody who listens to Süd."""
    with app.database.write(app.tenant_id("sued")) as tx:
        seal = tx.connection.execute(
            select(event.c.seal_seq).where(event.c.tenant_id == tx.tenant_id).limit(1)
        ).scalar_one()
        hand_out(tx, seal, {"example.Everything": frozenset()})
        return str(list_deliveries(tx, DeliveryFilter(), limit=1)[0].id)


def hooked(app):
    """The id of an endpoint of webhooks that Süd added, where nobody listens."""
    with app.database.write(app.tenant_id("sued")) as tx:
        nobody = "127.0.0.1:1"
        wish = EndpointWish(f"http://{nobody}/")
        return str(add_endpoint(tx, app.keys, wish, {nobody})[0].id)


def dunned(app):
    """The notice that reminds Süd's customer of SU-000001."""
    run_dunning(app.database, app.tenant("sued"), date(2026, 10, 31))
    with app.database.read(app.tenant_id("sued")) as tx:
        return list_notices(tx, NoticeFilter())[0]


@pytest.fixture
async def theirs(app, sued):
    """What Süd has and Nordwind has not, by the name of the part of the address."""
    made = [
        await sued.post("/Items", {"articleNumber": "A-SUED", "name": "S", "productGroup": "standard",
                                   "unit": "PIECE", "supply": "SERVICE"}),
        await sued.post("/TaxGroups", {"key": "tax-sued", "case": "EXEMPT", "reason": "S"}),
        await sued.post("/ProductGroups", {"key": "group-sued", "name": "S", "taxGroup": "tax-sued"}),
        await sued.post("/Projects", {"key": "project-sued", "name": "S"}),
        await sued.post("/Contracts", {**CONTRACT, "contractNumber": "V-DRAFT-SUED", "activities": [
            {"articleNumber": "A-SUED", "quantity": "1", "unitPrice": "1", "from": "2026-10-01"}]}),
        await sued.post("/BankAccounts", {"iban": IBAN, "holder": "Süd"}),
        await sued.post(f"/BankStatements?account={IBAN}&filename=a.xml", OCTOBER,
                        Content_Type="application/octet-stream"),
        await sued.post("/BillingRuns", {"date": "2026-10-31"}),
    ]  # fmt: skip
    assert [one.status for one in made] == [201] * 7 + [202]
    money = {"amount": "1.00", "account": IBAN, "valueDate": "2026-10-20", "reference": "P-SUED"}
    assert (await sued.post("/Customers/K-SUED/Payments", money)).status == 201
    books = [
        await sued.post("/LedgerAccounts", {"number": "4711", "name": "S"}),
        await sued.post("/PeriodLocks", {"month": "2026-09", "reason": "S"}),
    ]
    assert [one.status for one in books] == [201] * 2
    template = {"key": "template-sued", "name": "S", "billingInterval": {"unit": "MONTH"}}
    assert (await sued.post("/ContractTemplates", template)).status == 201
    contact = {"name": "S", "phone": "+49 40 1234", "email": "s@sued.example"}
    await sued.patch("/Customers/K-SUED", {"euTaxId": "DE136695976", "contactPerson": contact})
    part = {"invoiceNumber": "SU-000001", "reason": "S", "lines": [{"lineNo": 1, "percent": "1"}]}
    correction = (await sued.post("/InvoiceCorrections", part)).json["number"]
    supplied = {"articleNumber": "A-4", "quantity": "1", "unitPrice": "1",
                "from": "2026-10-01", "until": "2026-10-02"}  # fmt: skip
    credit = await sued.post("/CreditNotes", {"partnerNumber": "K-SUED", "contractNumber": "V-SUED",
                                              "positions": [supplied]})  # fmt: skip
    movements = (await sued.get("/BankTransactions")).json["data"]
    waits = {"articleNumber": "A-4", "quantity": "3", "from": "2026-10-01"}
    activity = (await sued.post("/Contracts/V-SUED/Activities", waits)).json["activityId"]
    path = f"/Contracts/V-SUED/Activities/{activity}/split"
    task = (await sued.post(path, {"quantity": "1"})).json["taskId"]
    exported(app)
    filed(app)
    subscriptions = (await sued.get("/Contracts/V-SUED/Subscription")).json["subscriptions"]
    discount = (await sued.post("/Contracts/V-SUED/Discounts", {"percent": "1"})).json["discountId"]
    signed = {"customerNumber": "K-SUED", "iban": IBAN, "signedOn": "2026-10-01", "scheme": "B2B"}
    mandate = (await sued.post("/Mandates", signed)).json["mandateId"]
    stop = {"target": "CONTRACT", "number": "V-SUED", "reason": "S"}
    notice = dunned(app)
    stopped = (await sued.post("/DunningStops", stop)).json["stopId"]
    return {
        "noticeId": str(notice.id),
        "stopId": stopped,
        "mandateId": mandate,
        "mailId": asked_mail(app),
        "meansId": saved(app),
        **taken_back(app, app.tenant("sued"), "SU-000001"),
        "account": "till",
        "discountId": discount,
        "activityId": activity,
        "connectionId": connected(app),
        "webhookId": hooked(app),
        "deliveryId": sent(app),
        "taskId": task,
        "itemId": subscriptions[0]["items"][0]["itemId"],
        "customerNumber": "K-SUED",
        "contractNumber": "V-SUED",
        "invoiceNumber": "SU-000001",
        "reference": "P-SUED",
        "correctionNumber": correction,
        "creditNoteNumber": credit.json["number"],
        "articleNumber": "A-SUED",
        "iban": IBAN,
        "ledgerAccount": "4711",
        "lockNo": "1",
        "entryKey": "inv:SU-000001",
        "bankStatement": made[6].headers["Location"].rpartition("/")[2],
        "target": "paper",
        "exportNumber": "1",
        "fileNumber": "1",
        "BankTransactions": movements[0]["id"],
        "BillingRuns": made[7].headers["Location"].rpartition("/")[2],
        "DunningRuns": str(notice.run_id),
        "Projects": "project-sued",
        "TaxGroups": "tax-sued",
        "ProductGroups": "group-sued",
        "ContractTemplates": "template-sued",
    }


# A target is a plugin's name, a mail text a use and a language: what each tenant keeps under them is
# told apart by their own tests.
OF_THE_INSTALLATION = {
    "accountingLinkLogin",
    "accountingLinkDisconnect",
    "mailTextGet",
    "mailTextUpdate",
    "mailTextReset",
    "mailTextPreview",
}


def at(path: str, theirs: Mapping[str, str]) -> str:
    """The address of Süd's thing; `{id}` and `{key}` are named by the resource they stand in."""
    noun = path.split("/")[1]
    return "/".join(
        theirs.get(part[1:-1], theirs.get(noun, "")) if part.startswith("{") else part
        for part in path.split("/")
    )


async def test_no_operation_finds_a_thing_of_another_tenant(nord, sued, theirs):
    """404 for Nordwind where Süd, who owns it, gets anything but 404: the number is a real one."""
    found, missed = {}, {}
    named = [
        operation
        for operation in operations()
        if "{" in operation.path and operation.id not in OF_THE_INSTALLATION
    ]
    for operation in named:
        path = at(operation.path, theirs) + QUERIES.get(operation.id, "")
        body = BODIES.get(operation.id)
        stranger = await nord.send(operation.method, path, body, headers={})
        if (stranger.status, stranger.json["errorKey"]) != (404, "not_found"):
            found[operation.id] = stranger.status, stranger.body
        owner = await sued.send(operation.method, path, body, headers={})
        if owner.status in (400, 404, 415):
            missed[operation.id] = owner.status, owner.body

    assert len(named) > 25
    assert found == {}
    assert missed == {}


async def test_what_a_stranger_is_told_is_what_is_told_about_nothing(nord, theirs):
    """Nobody learns from the words that the number exists somewhere."""
    about_theirs = await nord.get("/Contracts/V-SUED")
    about_nothing = await nord.get("/Contracts/V-NONE")

    told = about_theirs.json["errorMessage"].replace("V-SUED", "V-NONE")
    assert told == about_nothing.json["errorMessage"]
    assert theirs["contractNumber"] == "V-SUED"


async def test_no_list_shows_a_thing_of_another_tenant(nord, theirs):
    """Every list without a filter, and with a filter that names what is theirs."""
    lists = [
        operation.path
        for operation in operations()
        if operation.method == "GET" and "{" not in operation.path
    ]
    shown = {
        path: answer.body
        for path in [
            *lists,
            "/Customers?search=SUED",
            "/Contracts?search=SUED",
            "/Invoices?search=SU-",
            "/Items?search=SUED",
            f"/Invoices?billingRun={theirs['BillingRuns']}",
        ]
        for answer in [await nord.get(path)]
        if answer.status == 200
    }

    assert set(lists) <= set(shown)
    assert {
        path: body for path, body in shown.items() if b"SUED" in body or b"SU-0000" in body
    } == {}
    assert b'"data":[]' in shown["/BankTransactions"]


async def test_no_filter_names_a_thing_of_another_tenant(nord, theirs):
    """A filter by something that does not exist here finds nothing, or says so."""
    answers = [
        await nord.get(path)
        for path in (
            "/Contracts?customerNumber=K-SUED",
            "/Invoices?customerNumber=K-SUED",
            "/Invoices?contractNumber=V-SUED",
            "/Items?project=project-sued",
            f"/BankTransactions?account={theirs['iban']}",
        )
    ]

    assert {answer.status for answer in answers} <= {200, 404}
    assert all(answer.status == 404 or answer.json["data"] == [] for answer in answers)


async def test_no_body_names_a_thing_of_another_tenant(nord, theirs):
    """A contract for their customer, of their article; a run for them: nothing is made."""
    item = {"articleNumber": "A-SUED", "quantity": "1"}
    refused = [
        await nord.post("/Contracts", CONTRACT),
        await nord.post(
            "/Contracts",
            {**CONTRACT, "customerNumber": "K-1", "subscriptions": [{"items": [item]}]},
        ),
        await nord.post("/Contracts", {**CONTRACT, "customerNumber": "K-1", "project": "project-sued"}),
        await nord.post("/Contracts/V-1/Activities", {**item, "from": "2026-10-01"}),
        await nord.post("/ProductGroups", {"key": "g", "name": "G", "taxGroup": "tax-sued"}),
        await nord.post("/BillingRuns", {"date": "2026-10-31", "customerNumber": "K-SUED"}),
        await nord.post("/BillingRuns", {"date": "2026-10-31", "contractNumber": "V-SUED"}),
        await nord.post(f"/BankStatements?account={theirs['iban']}&filename=a.xml", OCTOBER,
                        Content_Type="application/octet-stream"),
    ]  # fmt: skip

    assert [answer.json["errorKey"] for answer in refused] == ["not_found"] * 8
    assert [answer.status for answer in refused] == [422] * 5 + [404] * 3


async def test_the_same_number_in_two_tenants_is_two_things(nord, sued):
    """Both give themselves a customer of that number; each changes their own."""
    for caller, name in ((nord, "Nord"), (sued, "Süd")):
        made = await caller.post("/Customers", {**CUSTOMER, "customerNumber": "SAME", "name": name})
        assert made.status == 201

    await nord.patch("/Customers/SAME", {"name": "Nordnord"})

    assert (await nord.get("/Customers/SAME")).json["name"] == "Nordnord"
    assert (await sued.get("/Customers/SAME")).json["name"] == "Süd"
