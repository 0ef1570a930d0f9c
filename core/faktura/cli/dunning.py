"""The group `faktura dunning`: runs, their rules, stops and notices."""

from faktura.cli.lazy import Lazy, LazyGroup

dunning = LazyGroup(
    name="dunning",
    help="Remind customers of what is overdue, with interest and fees.",
    lazy={
        "run": Lazy("faktura.cli.dunning_runs:run", "Write a notice to everybody who is overdue."),
        "runs": Lazy("faktura.cli.dunning_runs:runs", "List dunning runs, newest first."),
        "show": Lazy("faktura.cli.dunning_runs:show", "Show a run: its sums and who failed."),
        "base-rates": Lazy(
            "faktura.cli.dunning_rates:base_rates", "List base rates of § 247 BGB, or add one."
        ),
        "policy": Lazy("faktura.cli.dunning_policy:policy", "Show or set how is dunned."),
        "levels": Lazy("faktura.cli.dunning_policy:levels", "Set levels, their costs and texts."),
        "consumer-notice": Lazy(
            "faktura.cli.dunning_policy:consumer_notice",
            "Set what consumers' invoices say about default.",
        ),
        "stop": Lazy("faktura.cli.dunning_stops:stop", "Keep something out of dunning."),
        "lift": Lazy("faktura.cli.dunning_stops:lift", "Lift a stop."),
        "stops": Lazy("faktura.cli.dunning_stops:stops", "List what is kept out of dunning."),
        "notices": Lazy("faktura.cli.dunning_notices:notices", "List notices, newest first."),
        "notice": Lazy("faktura.cli.dunning_notices:notice", "Show one notice."),
        "letter": Lazy("faktura.cli.dunning_notices:letter", "Write a notice as a PDF."),
        "letters": Lazy(
            "faktura.cli.dunning_notices:letters", "Write the letters of a run to a folder."
        ),
        "waive": Lazy("faktura.cli.dunning_notices:waive", "Waive what a notice charged."),
    },
)
