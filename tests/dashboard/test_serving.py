"""``bereik serve``: by either server it answers, takes files, and ends without a word."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

WINDOWS = """
import sys
from pathlib import Path
from types import SimpleNamespace
from dashboard import server
server.sys = SimpleNamespace(platform="win32")
print("Store:", flush=True)
try:
    server.serve(Path(sys.argv[1]), "127.0.0.1", 0, lambda address: print("at", address, flush=True))
except KeyboardInterrupt:
    pass
"""
"""What the command does where the other server serves."""


@contextlib.contextmanager
def started(*arguments, code=()):
    command = [sys.executable, *(code or ("-m", "scripts")), *map(str, arguments)]
    environment = {**os.environ, "BEREIK_LANGUAGE": "en"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        process.stdout.readline()  # which store it is
        try:
            yield process, process.stdout.readline()
        finally:
            process.kill()


@pytest.fixture(params=["gunicorn", "waitress"])
def served(request, own_agency):
    """A server that has just begun to ask what its pages will ask."""
    arguments = ("--store", own_agency, "serve", "--port", "0")
    code = ()
    if request.param == "waitress":
        arguments, code = (own_agency,), ("-c", WINDOWS)
    with started(*arguments, code=code) as (process, line):
        yield process, line.split()[-1]


def asked(address, body=None, **headers):
    request = urllib.request.Request(address, body, {"Sec-Fetch-Site": "same-origin", **headers})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.headers, answer.read()


def test_it_answers_takes_a_large_file_and_ends_in_silence(served):
    process, address = served
    headers, page = asked(address)
    assert b"<html" in page
    assert "default-src 'self'" in headers["Content-Security-Policy"]

    batch = json.loads(asked(f"{address}uploads", b"")[1])["batch"]
    rows = b"campaign,amount,currency,description\n" + b"zomer,1,EUR,none\n" * 20_000
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    sent = asked(
        f"{address}uploads/{batch}/files?path=c.csv", head + rows + b"\r\n--x--\r\n", **kind
    )
    assert len(rows) > 300_000
    assert json.loads(sent[1])

    process.send_signal(signal.SIGINT)
    assert process.wait(60) in {0, 130}
    assert process.stdout.read().strip() in {"", "Stopped."}


def test_a_port_that_is_taken_is_told(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        command = ("--store", tmp_path / "none", "serve", "--port", port)
        with started(*command) as (process, said):
            assert process.wait(60) == 1
    assert f"port {port}" in said
    assert "--port" in said
