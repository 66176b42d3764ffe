"""Pseudonyms and masking: against Python's own hmac, and for every kind of identifier."""

import hashlib
import hmac
import os
import stat

import platformdirs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns import privacy
from campaigns.errors import BadKey, NoKey, WrongKey
from campaigns.privacy import Key
from campaigns.store import Store, connect

SECRET = "a key for tests alone, of no use elsewhere"


def pseudonym(name):
    """HMAC-SHA-256 by the standard library."""
    return "@~" + hmac.new(SECRET.encode(), name.lower().encode(), hashlib.sha256).hexdigest()[:16]


@pytest.fixture(scope="module")
def engine():
    connection = connect()
    privacy.prepare(connection, Key(SECRET.encode(), "test"))
    privacy.register(connection, ["@Rijksdemo"])
    return connection


def mask(engine, text, *, by_person=False):
    query = privacy.masked("SELECT $1::VARCHAR AS text, 1 AS other", "text", by_person=by_person)
    [(masked, other)] = engine.execute(query, [text]).fetchall()
    assert other == 1
    return masked


@pytest.mark.parametrize("name", ["jan", "Jan_Jansen", "_", "a" * 30, "1234"])
def test_handles_become_their_hmac(engine, name):
    assert mask(engine, f"dag @{name}!") == f"dag {pseudonym(name)}!"
    found = engine.execute(f"SELECT {privacy.pseudonymised('$1::VARCHAR')}", [name]).fetchone()
    assert found == (pseudonym(name),) == (Key(SECRET.encode(), "").pseudonym(name),)


@pytest.mark.parametrize("length", [32, 64, 65, 200])
def test_keys_of_any_length_are_hmac_keys(length):
    connection = connect()
    secret = b"k" * length
    privacy.prepare(connection, Key(secret, "test"))
    found = connection.execute(f"SELECT {privacy.pseudonymised('$1::VARCHAR')}", ["jan"]).fetchone()
    assert found == ("@~" + hmac.new(secret, b"jan", hashlib.sha256).hexdigest()[:16],)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@jan @piet", f"{pseudonym('jan')} {pseudonym('piet')}"),
        (".@jan, (@jan)", f".{pseudonym('jan')}, ({pseudonym('jan')})"),
        ("@jan's", f"{pseudonym('jan')}'s"),
        ("@@jan", f"@{pseudonym('jan')}"),
        ("＠jan", pseudonym("jan")),
        ("@rijksdemo en @RIJKSDEMO", "@rijksdemo en @RIJKSDEMO"),
        ("info@voorbeeld.nl", "info@voorbeeld.nl"),
        ("een @ en @", "een @ en @"),
        ("https://x.com/i/web/status/1", "https://x.com/i/web/status/1"),
        ("https://x.com/jan/status/1", f"https://x.com/{pseudonym('jan')[1:]}/status/1"),
        ("twitter.com/Rijksdemo", "twitter.com/Rijksdemo"),
        ("zie www.X.com/rijksdemo.", "zie www.X.com/rijksdemo."),
        ("linkedin.com/in/jan-1/", f"linkedin.com/in/{pseudonym('jan-1')[1:]}/"),
        ("https://nl.linkedin.com/in/zoë", f"https://nl.linkedin.com/in/{pseudonym('zoë')[1:]}"),
        ("https://www.instagram.com/jan", f"https://www.instagram.com/{pseudonym('jan')[1:]}"),
        ("https://www.instagram.com/p/Abc-1/", "https://www.instagram.com/p/Abc-1/"),
        ("https://netflix.com/title/1", "https://netflix.com/title/1"),
        ("linkedin.com/company/rijksdemo", "linkedin.com/company/rijksdemo"),
        ("bsn 111222333.", "bsn [bsn]."),
        ("1112.22.333 en 111 222 333", "[bsn] en [bsn]"),
        ("order 123456789", "order 123456789"),  # fails the eleven-test
        ("000000000", "000000000"),
        ("1112223334", "1112223334"),  # ten digits are another number
        ("020-1234567", "020-1234567"),
        (None, None),
        ("", ""),
    ],
)
def test_what_is_masked_in_an_organisations_own_text(engine, text, expected):
    assert mask(engine, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mail jan.p@voorbeeld.nl", "mail [e-mail]"),
        ("bel 06-12345678", "bel [telefoon]"),
        ("+31 6 1234 5678 bellen", "[telefoon] bellen"),
        ("op 2026-01-02 om 12:30", "op 2026-01-02 om 12:30"),
        ("1.938 keer, 41.340 weergaven", "1.938 keer, 41.340 weergaven"),
    ],
)
def test_what_is_masked_besides_in_a_persons_text(engine, text, expected):
    assert mask(engine, text, by_person=True) == expected


def eleven(digits):
    return sum(w * d for w, d in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True)) % 11 == 0


@settings(deadline=None)
@given(digits=st.lists(st.integers(0, 9), min_size=9, max_size=9))
def test_a_number_is_masked_exactly_when_it_passes_the_eleven_test(engine, digits):
    number = "".join(map(str, digits))
    expected = "[bsn]" if eleven(digits) and any(digits) else number
    assert mask(engine, f"nummer {number}") == f"nummer {expected}"


@settings(deadline=None)
@given(
    text=st.text(alphabet=st.characters(exclude_characters="@＠\x1f", exclude_categories=["Cs"]))
)
def test_a_text_without_identifiers_stays_as_it_is(engine, text):
    if not any(char.isdigit() for char in text) and ".com/" not in text:
        assert mask(engine, text) == text


# --- the key


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.delenv("BEREIK_KEY")
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda _: str(tmp_path / "home"))
    return tmp_path


def test_a_key_is_made_once_for_its_owner_alone(home):
    store = Store.create(home / "store")
    first = privacy.key(store)
    assert privacy.key(Store.open(store.path)) == first
    file = privacy.key_file(store)
    if os.name != "nt":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert first.secret not in b"".join(
        f.read_bytes() for f in store.path.rglob("*") if f.is_file()
    )
    assert first.secret.decode() not in repr(first)


def test_a_lost_key_is_said_and_never_replaced(home):
    store = Store.create(home / "store")
    privacy.key(store)
    privacy.key_file(store).unlink()
    with pytest.raises(NoKey):
        privacy.key(store)
    assert not privacy.key_file(store).exists()


def test_a_key_may_come_from_a_file_or_the_environment(home, monkeypatch):
    store = Store.create(home / "store")
    file = home / "shared.key"
    file.write_text("x" * 40 + "\n")
    monkeypatch.setenv("BEREIK_KEY_FILE", str(file))
    assert privacy.key(store).secret == b"x" * 40
    monkeypatch.setenv("BEREIK_KEY", "y" * 40)
    with pytest.raises(WrongKey):
        privacy.key(store)
    monkeypatch.setenv("BEREIK_KEY", "short")
    with pytest.raises(BadKey):
        privacy.key(store)
    monkeypatch.delenv("BEREIK_KEY")
    monkeypatch.setenv("BEREIK_KEY_FILE", str(home / "none.key"))
    with pytest.raises(NoKey):
        privacy.key(store)
