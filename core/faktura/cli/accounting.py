"""faktura accounting: its commands by name, each in a file of its own."""

from faktura.cli.lazy import Lazy, LazyGroup

accounting = LazyGroup(
    name="accounting",
    help="Show, complete, lock and export what is posted.",
    lazy={
        "balances": Lazy(
            "faktura.cli.accounting_balances:balances", "Show what stands on each account."
        ),
        "journal": Lazy("faktura.cli.accounting_journal:journal", "Show posted entries."),
        "drafts": Lazy(
            "faktura.cli.accounting_journal:drafts", "Show entries that wait for an account."
        ),
        "accounts": Lazy(
            "faktura.cli.accounting_accounts:accounts", "Show, set and name ledger accounts."
        ),
        "post": Lazy("faktura.cli.accounting_manual:post", "Post an entry by hand."),
        "reverse": Lazy(
            "faktura.cli.accounting_manual:reverse", "Take an entry back that was posted by hand."
        ),
        "lock": Lazy("faktura.cli.accounting_locks:lock", "Lock months for good."),
        "locks": Lazy("faktura.cli.accounting_locks:locks", "Show the locked months."),
        "export": Lazy(
            "faktura.cli.accounting_exports:export", "Export postings as a numbered batch."
        ),
        "batches": Lazy(
            "faktura.cli.accounting_batches:batches", "Show exported batches and take one back."
        ),
        "connect": Lazy(
            "faktura.cli.accounting_link:connect", "Begin a connection to an accounting system."
        ),
        "link": Lazy("faktura.cli.accounting_link:link", "Show, check and end connections."),
        "send": Lazy("faktura.cli.accounting_send:send", "Hand postings over to a connection."),
        "transfers": Lazy(
            "faktura.cli.accounting_send:transfers", "Show what became of what was handed over."
        ),
        "audit-pack": Lazy(
            "faktura.cli.accounting_audit:audit_pack",
            "Write all that explains an invoice as a zip.",
        ),
        "chain-head": Lazy(
            "faktura.cli.accounting_audit:chain_head", "Show where the chain of seals ends."
        ),
        "process-document": Lazy(
            "faktura.cli.accounting_process:process_document",
            "Write the skeleton of the process documentation.",
        ),
        "deferral": Lazy(
            "faktura.cli.accounting_deferrals:deferral", "Show and set how revenue is deferred."
        ),
        "deferrals": Lazy(
            "faktura.cli.accounting_deferrals:deferrals", "Show what is deferred of each document."
        ),
        "release": Lazy(
            "faktura.cli.accounting_deferrals:release", "Post deferrals and releases by month."
        ),
        "prap": Lazy(
            "faktura.cli.accounting_prap:prap", "Show how a net amount is spread over months."
        ),
    },
)
