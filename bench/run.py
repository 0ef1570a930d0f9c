"""`make bench`: every figure on a line of its own; exit code 1 when one is short."""

import sys
from importlib import import_module

# Each module has `measure() -> list[Figure]`.
_MODULES = (
    "help",
    "cii",
    "ubl",
    "zugferd",
    "pain008",
    "camt",
    "statements",
    "imports",
    "matching",
    "deciding",
    "extf",
    "jobs",
    "rest",
    "receiver",
    "mails",
    "webhooks",
    "collecting",
    "changes",
    "trial_balance",
    "billing",
    "scale",
    "dunning",
    "posting",
    "proving",
    "rendering",
)


def main() -> int:
    """Measure one module after the other and print as the figures come."""
    short = 0
    for name in _MODULES:
        for figure in import_module(name).measure():
            print(figure.line(), flush=True)
            short += not figure.ok
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
