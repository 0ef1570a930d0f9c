"""`python -m faktura.testing.reconciliation DIR [--json]`: the rules on a labelled set (banking 4.3).

It runs the rules that bookings are made by, in the order of the list and with the state they leave,
prints every figure and every failure, and ends with 1 when a gate is not passed, with 2 when the
directory is not of the shape.
"""

import json
import sys
from pathlib import Path

from faktura.kernel.errors import BadInput
from faktura.testing.recon_reading import read_set
from faktura.testing.recon_runs import run_set
from faktura.testing.recon_scores import Gate, Score, score

_USAGE = "python -m faktura.testing.reconciliation DIR [--json]"


def main(arguments: list[str]) -> int:
    """Score a directory and print it; the exit code."""
    names = [one for one in arguments if one != "--json"]
    if len(names) != 1:
        sys.stderr.write(f"{_USAGE}\n")
        return 2
    try:
        given = read_set(Path(names[0]))
    except BadInput as error:
        sys.stderr.write(f"{error}\n")
        return 2
    result = score(given, run_set(given))
    sys.stdout.write(as_json(result) if "--json" in arguments else as_text(result))
    return 0 if result.passed else 1


def as_text(result: Score) -> str:
    """The figures, then the failures line by line."""
    lines = [_line(gate) for gate in result.gates]
    lines += [
        f"{one.id} {one.category} [{one.gate}]: {one.expected} | {one.got}"
        for one in result.failures
    ]
    return "\n".join(lines) + "\n"


def _line(gate: Gate) -> str:
    share = gate.share
    bound = ""
    if gate.bound is not None:
        sign = "<=" if gate.at_most else ">="
        verdict = "ok" if gate.passed else "FAILED"
        bound = f"  {sign} {gate.bound * 100:.0f} %  {verdict}"
    return f"{gate.name:<24}{share.ratio * 100:>7.2f} %  {share.hit}/{share.of}{bound}"


def as_json(result: Score) -> str:
    """The same for scripts."""
    return (
        json.dumps(
            {
                "passed": result.passed,
                "gates": [
                    {
                        "name": gate.name,
                        "hit": gate.share.hit,
                        "of": gate.share.of,
                        "ratio": str(gate.share.ratio),
                        "passed": gate.passed,
                    }
                    for gate in result.gates
                ],
                "failures": [
                    {
                        "id": one.id,
                        "category": one.category,
                        "gate": one.gate,
                        "expected": one.expected,
                        "got": one.got,
                    }
                    for one in result.failures
                ],
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
