"""What holds for the repository as a whole: locks, paths, Windows, and documents that are true."""

import ast
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from scripts import main

ROOT = Path(__file__).parents[1]
PACKAGES = ("campaigns", "audiences", "dashboard", "scripts")
SOURCES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
LOCKS = sorted(ROOT.glob("requirements*.txt"))


def tracked() -> list[Path]:
    """The files that git knows, or all but what git ignores where there is no git."""
    if shutil.which("git") and (ROOT / ".git").exists():
        run = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        return [ROOT / name for name in run.stdout.split("\0") if name and (ROOT / name).exists()]
    top = [path for path in ROOT.iterdir() if not path.name.startswith(".")]
    return [file for path in top for file in [path, *path.rglob("*")] if file.is_file()]


def texts() -> Iterator[tuple[Path, str]]:
    for path in tracked():
        try:
            yield path, path.read_text("utf-8")
        except UnicodeDecodeError:
            continue


def pins(lock: Path) -> dict[tuple[str, str], str]:
    """The version of each package, by its name and the condition for it."""
    found = re.findall(r"^([a-z0-9-]+)==([^ ;]+) *(;[^\\]*)?\\$", lock.read_text("utf-8"), re.M)
    return {(name, marker.strip("; ")): version for name, version, marker in found}


# --- locks


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_locks_name_versions_and_hashes_and_no_address(lock):
    for line in lock.read_text("utf-8").splitlines():
        assert re.fullmatch(
            r"[a-z0-9-]+==\S+( ; [\w .'<>=!()]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line
        )


def test_the_locks_agree_and_hold_every_dependency():
    run, dev = (pins(ROOT / name) for name in ("requirements.txt", "requirements-dev.txt"))
    assert {name: version for (name, _), version in dev.items()}.items() >= {
        name: version for (name, _), version in run.items()
    }.items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = project["dependency-groups"].values()
    wanted = [item for group in groups for item in group if isinstance(item, str)]
    for lock, needs in ((run, project["project"]["dependencies"]), (dev, wanted)):
        names = {name for name, _ in lock}
        assert {re.split(r"[<>=\[ ]", need)[0].lower() for need in needs} <= names


def test_what_is_imported_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    declared = {re.split(r"[<>=\[ ]", need)[0] for need in project["project"]["dependencies"]}
    others = {"scikit_learn": "sklearn", "pillow": "PIL"}
    modules = {others.get(name, name) for name in (one.replace("-", "_") for one in declared)}
    known = modules | set(PACKAGES) | set(sys.stdlib_module_names)
    found = {
        (name, path.name)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in imported(node)
    }
    assert {(name, file) for name, file in found if name not in known} == set()


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module.partition(".")[0]]
    return []


# --- paths and systems


def test_no_file_names_a_place_of_one_computer():
    place = re.compile(
        r"(?<![\w.:/{}$*-])/(?:home|root|tmp|work|opt|mnt|Users)(?:/\w|\b(?=['\"`]))"
    )
    windows = re.compile(r"\b[A-Z]:\\Users\\")
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path, text in texts()
        for pattern in (place, windows)
        for match in pattern.finditer(text)
    ]
    assert found == []


def test_file_names_are_possible_on_every_system():
    names = [path.relative_to(ROOT).as_posix() for path in tracked()]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert len(name) < 150
        assert not re.search(r'[<>:"\\|?*]', name)
        assert not re.search(r"(^|/)(con|prn|aux|nul|com\d|lpt\d)(\.|/|$)", name, re.I)


POSIX_MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "termios", "tty"}
POSIX_NAMES = {
    "os": {"chown", "fchmod", "fork", "forkpty", "geteuid", "getuid", "killpg", "mkfifo", "rename",
           "setsid", "sysconf", "uname", "waitid"},
    "signal": {"SIGALRM", "SIGHUP", "SIGKILL", "SIGUSR1", "alarm", "setitimer"},
    "time": {"tzset"},
}  # fmt: skip


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_code_runs_on_windows(path):
    tree = ast.parse(path.read_text("utf-8"))
    excused = {id(node) for part in ast.walk(tree) if does_without(part) for node in ast.walk(part)}
    nodes = (node for node in ast.walk(tree) if id(node) not in excused)
    assert [problem for node in nodes for problem in not_on_windows(node)] == []


def does_without(node: ast.AST) -> bool:
    """Whether this part of the code says what happens where a module is absent."""
    match node:
        case ast.With([ast.withitem(ast.Call(_, args))]):
            return any(isinstance(arg, ast.Name) and arg.id == "ImportError" for arg in args)
        case ast.Try(handlers=handlers):
            return any("ImportError" in ast.unparse(h.type) for h in handlers if h.type)
    return False


def not_on_windows(node: ast.AST) -> Iterator[str]:
    where = f"line {getattr(node, 'lineno', '?')}"
    yield from (f"{where}: import {name}" for name in imported(node) if name in POSIX_MODULES)
    match node:
        case ast.Attribute(ast.Name(module), name) if name in POSIX_NAMES.get(module, ()):
            yield f"{where}: {module}.{name}"
        case ast.Constant(str(text)) if re.match(r"/(dev|tmp|var|etc|proc)(/|$)", text):
            yield f"{where}: {text}"
        case ast.Call():
            yield from (f"{where}: {problem}" for problem in bad_call(node))


def bad_call(call: ast.Call) -> Iterator[str]:
    """Text without an encoding (Windows would take its own), and directives only glibc has."""
    words = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    has_encoding = "encoding" in {keyword.arg for keyword in call.keywords}
    match call.func, len(call.args):
        case (ast.Attribute(_, "read_text"), 0) | (ast.Attribute(_, "write_text"), 1):
            if not has_encoding:
                yield "text without an encoding"
        case ast.Name("open"), _ if not has_encoding and not any("b" in w for w in words[-1:]):
            yield "open() of text without an encoding"
        case ast.Attribute(_, "strftime"), _ if any("%-" in word for word in words):
            yield "strftime with %-"


# --- commands and documents


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield " ".join((*path, name)), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


COMMANDS = dict(commands(main))


def examples(text: str) -> list[str]:
    """The commands in a help text or document: what stands on a line of its own."""
    lines = (line.strip(" \b$") for line in text.splitlines())
    found = (line.partition("  ")[0].partition(" #")[0] for line in lines)
    return [re.split(r" [|>] ?", line)[0] for line in found if line.startswith("bereik ")]


def check(example: str) -> None:
    """That a command as written exists, with its options; raises `AssertionError`."""
    words = shlex.split(example)[1:]
    while words and words[0].startswith("-"):
        assert words[0] in {"--store", "--settings", "--help", "--version"}, example
        words = words[2:] if words[0] in {"--store", "--settings"} else words[1:]
    if not words:
        return
    name = words.pop(0)
    assert name in COMMANDS, f"no command {name!r}: {example}"
    while isinstance(COMMANDS[name], click.Group) and words and f"{name} {words[0]}" in COMMANDS:
        name = f"{name} {words.pop(0)}"
    options = {option for param in COMMANDS[name].params for option in param.opts} | {"--help"}
    assert {word.partition("=")[0] for word in words if word.startswith("--")} <= options, example


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name):
    command = COMMANDS[name]
    assert command.help
    found = examples(command.help)
    assert any(f"bereik {name}" in example for example in found)
    for example in found:
        check(example)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name):
    options = [param for param in COMMANDS[name].params if isinstance(param, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_the_first_help_has_true_examples():
    for example in examples(main.help or ""):
        check(example)


@pytest.mark.parametrize("document", ["README.md", "CHANGELOG.md"])
def test_documents_name_commands_and_files_that_exist(document):
    text = (ROOT / document).read_text("utf-8")
    for example in examples(text):
        check(example)
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.M)) <= targets
    for link in re.findall(r"\]\((?!http)([^)#]+)", text):
        assert (ROOT / link).exists(), link


def test_every_make_target_that_runs_something_installs_first():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target, needs in re.findall(r"^(demo|test|check|benchmark|install):(.*)$", makefile, re.M):
        assert needs.strip() in {"$(INSTALLED)", "check"}, target
