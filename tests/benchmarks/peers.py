"""The loop that teams write today, over tea-tasting or GrowthBook's gbstats, side by side.

Neither is a dependency. Each runs in a Python that has it: the one of the benchmarks, or the one
that ``BEREIK_TEA_TASTING`` or ``BEREIK_GBSTATS`` names (gbstats asks for numpy 1, so for one of its
own)::

    python -m venv peers/tea && peers/tea/bin/pip install tea-tasting
    python -m venv peers/gb && peers/gb/bin/pip install gbstats
    BEREIK_TEA_TASTING=peers/tea/bin/python BEREIK_GBSTATS=peers/gb/bin/python make benchmark
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from audiences.analysis import Plan, analyse
from audiences.trials import table
from tests.benchmarks.judge_tests import TESTS, made

LOOPED = 300
PEERS = {"tea_tasting": "BEREIK_TEA_TASTING", "gbstats": "BEREIK_GBSTATS"}
_OTHER = "pvalue of another method"
_ALIKE = 1e-9


def beside(seconds: float) -> None:
    """Print a row per library: how many times the seconds its loop takes, and whether it agrees."""
    n, x = made()
    n, x = n[:LOOPED], x[:LOOPED]
    own = _own(n, x)
    asked = [
        [(int(a), int(b)) for a, b in zip(shown[shown > 0], hit[shown > 0], strict=True)]
        for shown, hit in zip(n, x, strict=True)
    ]
    for name, variable in PEERS.items():
        label = f"  a loop over {name.replace('_', '-')}"
        found = _looped(os.environ.get(variable, sys.executable), name, asked)
        if found is None:
            print(f"{label}: not installed; tests/benchmarks/peers.py says how", flush=True)
            continue
        barest, whole = (found[way] * TESTS / LOOPED for way in ("barest", "whole"))
        print(
            f"{label + ' ' + found['version']:<58} {barest:8.2f} s  {barest / seconds:,.0f} times "
            f"that in its barest call, {whole / seconds:,.0f} times as teams ask it (timed over "
            f"{LOOPED} tests); {_agreement(own, found['answers'])}",
            flush=True,
        )


def _looped(python: str, name: str, asked: list[list[tuple[int, int]]]) -> dict[str, Any] | None:
    done = subprocess.run(
        [python, str(Path(__file__).with_name("loops.py")), name],
        input=json.dumps(asked), capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, Any] | None = json.loads(done.stdout)
    return found


def _own(n: np.ndarray, x: np.ndarray) -> dict[str, np.ndarray]:
    """What bereik says of the same comparisons, in the same order."""
    test, variant = np.nonzero(n)
    rows = table(test.astype(str), variant.astype(str), x[n > 0], n[n > 0])
    found = analyse(rows, Plan("impression")).comparisons
    there = rows.there[:, 1:]
    return {
        "effect": found.difference[there],
        "pvalue": found.pvalue[there],
        _OTHER: found.pvalue[there],
        "rel_lower": found.ratio_interval.lower[there] - 1,
        "rel_upper": found.ratio_interval.upper[there] - 1,
    }


def _agreement(own: dict[str, np.ndarray], answers: list[dict[str, float]]) -> str:
    """How far the numbers are apart; raises where the same method does not give the same."""
    gaps = {
        name: float(np.abs(own[name] - [one[name] for one in answers]).max()) for name in answers[0]
    }
    for name, gap in gaps.items():
        if name != _OTHER and gap > _ALIKE:
            raise RuntimeError(f"{name} differs by {gap}")
    return ", ".join(f"{name} within {gap:.0e}" for name, gap in gaps.items())


if __name__ == "__main__":
    beside(1.0)
