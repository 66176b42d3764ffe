"""Damages every sample, thousands of times, in processes with limits: ``python -m tests.fuzz``.

    python -m tests.fuzz --files 500 --rows 10000    # so many mutants of each sample, in all
    python -m tests.fuzz --only lists --files 2000   # goes on where an earlier run ended
    python -m tests.fuzz --show lists/kosten.csv 17 --out mutant   # writes one, to look at it

``--files`` are whole files damaged; ``--rows`` damaged rows, a hundred in a file; ``--bombs``
zips and workbooks of which little becomes much. ``--state`` is
where it is kept how far it came (``fuzz.json``). ``--real FOLDER`` adds files of your own. Each
process may have a gibibyte of memory; a mutant that takes too long, or ends its process, is one
more failure. Ends with 1 when there was any.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.fuzz import judge, mutants
from tests.fuzz.samples import Sample, of_real_files, samples

CHUNK = {"files": 500, "rows": 100, "bombs": 20}
MAKERS = {"files": mutants.of_file, "rows": mutants.of_rows, "bombs": mutants.of_bomb}
"""Mutants (of rows: files of them) that one process takes; their store is then thrown away."""

MEMORY = 1 << 30

HANGING = 20 * judge.SECONDS
"""Seconds on the clock without a next file after which a process is taken to hang."""


def made(sample: Sample, kind: str, number: int) -> mutants.Mutant | None:
    """The mutant of a number."""
    return MAKERS[kind](sample, number)


def work(sample: Sample, kind: str, numbers: range, without: set[int]) -> None:
    """What a process does: a line for what it begins with, and for each problem."""
    os.environ.update(BEREIK_KEY="a key for tests alone, of no use elsewhere", BEREIK_LANGUAGE="en")
    os.environ.pop("BEREIK_DEBUG", None)

    def began(mutant: mutants.Mutant) -> None:
        faulthandler.dump_traceback_later(HANGING, exit=True)
        print(json.dumps({"at": mutant.number}), flush=True)

    some = [m for n in numbers if n not in without and (m := made(sample, kind, n)) is not None]
    with tempfile.TemporaryDirectory() as folder:
        for problem in judge.run(some, Path(folder), began):
            mutant = problem.mutant
            found = {"number": mutant.number, "classes": mutant.classes, "what": problem.what}
            print(json.dumps(found), flush=True)
    faulthandler.cancel_dump_traceback_later()


def chunk(arguments: argparse.Namespace, name: str, kind: str, numbers: range) -> list[dict]:
    """Run a chunk in a process of its own, again without what ended it; returns its problems."""
    without: list[int] = []
    while True:
        command = [sys.executable, "-m", "tests.fuzz", "--child", name, kind,
                   str(numbers.start), str(numbers.stop), *map(str, without)]  # fmt: skip
        command += ["--real", str(arguments.real)] if arguments.real else []
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            out, err = process.communicate()
        lines = [json.loads(line) for line in out.splitlines()]
        problems = [line for line in lines if "what" in line]
        last = next((line["at"] for line in reversed(lines) if "at" in line), numbers.start)
        if process.returncode == 0:
            peak = next(line["peak"] for line in lines if "peak" in line)
            if peak > MEMORY:
                problems.append(
                    {"number": last, "classes": [], "what": f"{peak >> 20} MiB in {numbers}"}
                )
            return problems + [_ended(number) for number in without]
        if last in without or last not in numbers:
            tail = err.decode(errors="replace")[-1_500:]
            return [
                *problems,
                {"number": last, "classes": [], "what": f"the process ended: {tail}"},
            ]
        print(f"{name} {kind} {last}: the process ended\n{err.decode(errors='replace')[-1_500:]}")
        without.append(last)


def _ended(number: int) -> dict:
    return {"number": number, "classes": [], "what": "it ended its process, or took too long"}


def child(arguments: argparse.Namespace, found: dict[str, Sample]) -> None:
    """One chunk, and the most memory that this process and those it started had."""
    name, kind, start, stop, *without = arguments.child
    work(found[name], kind, range(int(start), int(stop)), set(map(int, without)))
    peak = max(resource.getrusage(who).ru_maxrss
               for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))  # fmt: skip
    print(json.dumps({"peak": peak * (1 if sys.platform == "darwin" else 1 << 10)}))


def rounds(arguments: argparse.Namespace, found: dict[str, Sample]) -> int:
    """All samples up to the wanted numbers, kept after each chunk; returns how many problems."""
    state_path: Path = arguments.state
    state = json.loads(state_path.read_text()) if state_path.exists() else {}
    wishes = {
        "rows": arguments.rows // mutants.ROWS,
        "files": arguments.files,
        "bombs": arguments.bombs,
    }
    for kind, wanted in wishes.items():
        step = CHUNK[kind]
        for name, sample in found.items():
            own = state.setdefault(name, {**dict.fromkeys(CHUNK, 0), "problems": []})
            if own[kind] >= wanted or made(sample, kind, 0) is None:
                continue
            for start in range(own[kind], wanted, step):
                stop = min(start + step, wanted)
                problems = chunk(arguments, name, kind, range(start, stop))
                for problem in problems:
                    print(f"{name} {kind} {problem['number']} {problem['classes']}: {problem['what']}",
                          flush=True)  # fmt: skip
                own["problems"] += [{"kind": kind, **problem} for problem in problems]
                own[kind] = stop
                state_path.write_text(json.dumps(state, indent=1))
    done = [state[name] for name in found]
    count = sum(len(own["problems"]) for own in done)
    rows = sum(own["rows"] for own in done) * mutants.ROWS
    print(f"{len(done)} samples, {sum(own['files'] for own in done):,} damaged files, "
          f"{rows:,} damaged rows, {sum(own['bombs'] for own in done)} bombs, {count} problems")  # fmt: skip
    return count


def main() -> int:
    """Read the options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--files", type=int, default=0)
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--bombs", type=int, default=0)
    parser.add_argument("--only", default="")
    parser.add_argument("--state", type=Path, default=Path("fuzz.json"))
    parser.add_argument("--real", type=Path)
    parser.add_argument("--show", nargs=2, metavar=("SAMPLE", "NUMBER"))
    parser.add_argument("--kind", default="files", choices=[*MAKERS])
    parser.add_argument("--out", type=Path, default=Path("mutant"))
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    wanted = next(iter(arguments.child or arguments.show or [""]))
    found = samples(wanted) | (of_real_files(arguments.real) if arguments.real else {})
    if arguments.child:
        child(arguments, found)
        return 0
    if arguments.show:
        name, number = arguments.show
        mutant = made(found[name], arguments.kind, int(number))
        print(mutant and (mutant.classes, mutant.write(arguments.out)))
        return 0
    chosen = {name: sample for name, sample in found.items() if arguments.only in name}
    return 1 if rounds(arguments, chosen) else 0


if __name__ == "__main__":
    sys.exit(main())
