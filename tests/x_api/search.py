"""The language of recent search, as far as it is used: words, tags, operators, OR, brackets, minus."""

import re

TOKEN = re.compile(r'\s*(-?\(|\)|OR\b|-?"[^"]*"|-?[^\s()]+)')
FLAGS = {
    "is:retweet": lambda post: post.kind == "repost",
    "is:reply": lambda post: post.kind == "reply",
    "is:quote": lambda post: post.kind == "quote",
    "has:links": lambda post: post.url is not None,
    "has:hashtags": lambda post: bool(post.tags),
    "has:media": lambda post: post.media is not None,
}


class BadQueryError(ValueError):
    """The API would refuse this query."""


def matcher(query):
    """A function that says whether a post fits a query.

    >>> matcher("(#a OR #b) -is:reply")  # doctest: +ELLIPSIS
    <function ...>
    """
    tokens = TOKEN.findall(query)
    found, rest = _either(tokens)
    if rest:
        raise BadQueryError(f"no viable alternative at input '{rest[0]}'")
    return found


def _either(tokens):
    one, tokens = _every(tokens)
    ways = [one]
    while tokens and tokens[0] == "OR":
        one, tokens = _every(tokens[1:])
        ways.append(one)
    return (lambda post: any(way(post) for way in ways)), tokens


def _every(tokens):
    needs = []
    while tokens and tokens[0] not in (")", "OR"):
        token, tokens = tokens[0], tokens[1:]
        no = token.startswith("-")
        token = token.removeprefix("-")
        if token == "(":
            one, tokens = _either(tokens)
            if not tokens:
                raise BadQueryError("missing ')' at '<EOF>'")
            tokens = tokens[1:]
        else:
            one = _atom(token)
        needs.append((one, not no))
    if not needs:
        raise BadQueryError("extraneous input: an operand is missing")
    return (lambda post: all(one(post) is wanted for one, wanted in needs)), tokens


def _atom(token):
    token = token.lower()
    if token in FLAGS:
        return FLAGS[token]
    name, colon, value = token.partition(":")
    if token.startswith("#"):
        return lambda post: token[1:] in {tag.lower() for tag in post.tags}
    if token.startswith("@"):
        return lambda post: token[1:] in {one.username.lower() for one in post.mentions}
    if colon and name == "from":
        return lambda post: value in (post.author.username.lower(), post.author.id)
    if colon and name == "to":
        return lambda post: post.kind == "reply" and post.about.author.username.lower() == value
    if colon and name == "conversation_id":
        return lambda post: value == (post.about.id if post.kind == "reply" else post.id)
    if colon and name == "url":
        return lambda post: value.strip('"') in (post.url or "")
    if colon and name == "lang":
        return lambda post: value == "nl"
    if colon:
        raise BadQueryError(f"Reference to invalid operator '{name}'")
    return lambda post: token.strip('"') in post.text.lower()
