"""What every test stands on: one language, one key, and nothing of the developer's own."""

import pytest


@pytest.fixture(autouse=True)
def settings(monkeypatch):
    """English, a fixed key instead of one made in the user's home, and no store by name."""
    monkeypatch.setenv("BEREIK_LANGUAGE", "en")
    monkeypatch.setenv("BEREIK_KEY", "a key for tests alone, of no use elsewhere")
    for name in ("BEREIK_STORE", "BEREIK_SETTINGS", "BEREIK_KEY_FILE", "BEREIK_DEBUG"):
        monkeypatch.delenv(name, raising=False)
