"""What every test stands on: one language, one key, and nothing of the developer's own."""

import pytest


@pytest.fixture(autouse=True)
def settings(monkeypatch):
    """English, a fixed key instead of one made in the user's home, and no store by name."""
    monkeypatch.setenv("BEREIK_LANGUAGE", "en")
    monkeypatch.setenv("BEREIK_KEY", "a key for tests alone, of no use elsewhere")
    nobodys = ("STORE", "SETTINGS", "KEY_FILE", "DEBUG", "X_CREDENTIALS", "X_BEARER_TOKEN")
    for name in (f"BEREIK_{last}" for last in nobodys):
        monkeypatch.delenv(name, raising=False)
