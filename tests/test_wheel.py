"""The package as it is given away: built, installed elsewhere, and run outside the checkout."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPTS = "Scripts" if os.name == "nt" else "bin"

pytest.importorskip("hatchling", reason="the build needs hatchling: make install")
pytest.importorskip("pip", reason="the installation needs pip: make install")


def run(*command: object, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**environment, "PYTHONUTF8": "1", **settings},
        capture_output=True,
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    assert built.returncode == 0, built.stderr
    [found] = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def elsewhere(wheel, tmp_path_factory) -> Path:
    """A new environment with the wheel; its dependencies are those of this environment."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / SCRIPTS / Path(sys.executable).name
    if not python.exists():
        python = folder / "venv" / SCRIPTS / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps"]
    installed = run(*pip, "--no-index", wheel, cwd=folder)
    assert installed.returncode == 0, installed.stderr
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own = Path(run(python, "-c", code, cwd=folder).stdout.strip())
    (own / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return folder


def bereik(
    elsewhere: Path, *args: object, language: str = "en"
) -> subprocess.CompletedProcess[str]:
    key = "a key for tests alone, of no use elsewhere"
    program = elsewhere / "venv" / SCRIPTS / "bereik"
    return run(program, *args, cwd=elsewhere, BEREIK_LANGUAGE=language, BEREIK_KEY=key)


def test_the_wheel_has_every_file_of_the_packages_and_nothing_else(wheel):
    packages = ("campaigns", "audiences", "dashboard", "scripts")
    wanted = {
        path.relative_to(ROOT).as_posix()
        for package in packages
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    names = zipfile.ZipFile(wheel).namelist()
    found = {name for name in names if ".dist-info/" not in name}
    assert found == wanted
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_it_runs_outside_the_checkout(elsewhere):
    result = bereik(elsewhere, "--help")
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("Usage: bereik ")
    python = elsewhere / "venv" / SCRIPTS / "python"
    code = "import campaigns; print(campaigns.__file__)"
    assert str(elsewhere) in run(python, "-c", code, cwd=elsewhere).stdout


def test_it_speaks_dutch_outside_the_checkout(elsewhere):
    assert bereik(elsewhere, "--help", language="nl").stdout.startswith("Gebruik: bereik ")


def test_it_imports_and_reports_outside_the_checkout(elsewhere):
    file = elsewhere / "content.csv"
    header = (
        "Post id,Date,Post text,Link,Impressions,Likes,Engagements,Bookmarks,Share,New follows,"
        "Replies,Reposts,Profile visits,Detail expands,Url clicks,Hashtag clicks,Permalink clicks"
    )
    link = "https://x.com/voorbeeld/status/1891234567890123456"
    row = f"1891234567890123456,Mon Feb 17 2025,Goed nieuws,{link},120,4,9,0,0,0,1,2,1,1,0,0,0"
    file.write_text(f"{header}\n{row}\n", "utf-8")
    result = bereik(elsewhere, "import", file, "--json")
    assert result.returncode == 0, result.stderr
    [report] = json.loads(result.stdout)["files"]
    assert report["status"] == "imported"
    assert report["tables"]["posts"] == 1
    answer = bereik(elsewhere, "report", "--by", "platform", "--format", "json")
    assert answer.returncode == 0, answer.stderr
    [line] = json.loads(answer.stdout)["rows"]
    assert (line["platform"], line["posts"], line["impressions"]) == ("x", 1, 120)
