"""Providers: accounts that the same contact or the same ad ties together.

A poster is an account, or a text that was posted without one (as in channels), which stands for itself.
Posters, contacts and ads are the nodes of a graph, who posted what (or is called so) are its edges; a
provider is a connected component with an account or a contact in it. What is common ties nobody: its edges
are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from drugscan.analysis.database import add_table
from drugscan.text import EMOJI_NAME, PLACEHOLDER, fold

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Booleans = NDArray[np.bool_]

_NO_WORDS = re.compile(rf"\s*(?:{PLACEHOLDER}[a-z]+|:{EMOJI_NAME}:)\s*")
"""What contacts and emoji are in a folded text."""


class Edges(NamedTuple):
    """Who posted what: two arrays of one length, of posters and of contacts or ads, counted from 0."""

    poster: Integers
    thing: Integers

    def keep(self, which: Booleans) -> Edges:
        """Return the edges that a mask picks."""
        return Edges(self.poster[which], self.thing[which])


def link_providers(
    connection: duckdb.DuckDBPyConnection,
    *,
    ad_posters: int,
    ad_characters: int,
    contact_posters: int,
    contact_kinds: Sequence[str],
    apart_share: float,
) -> None:
    """Link posters into providers.

    Parameters
    ----------
    connection : DuckDBPyConnection
        With the tables of ``core_counts.sql``. It gets ``core.poster_providers`` (poster_key, provider),
        ``core.contact_providers`` (contact_key, provider; common contacts left out) and
        ``core.common_ads`` (ad_key). Providers are numbered from 1, the one with most ad messages first.
    ad_posters, contact_posters : int
        From how many posters on an ad or a contact can be common.
    ad_characters : int
        Shorter ads are common, without their contacts and emoji.
    contact_kinds : sequence of str
        Kinds of contacts that can be common.
    apart_share : float
        What can be common is, if its posters fall into at least this share of separate groups.
    """
    n_accounts, n_posters, n_contacts, n_ads = (
        int(_column(connection, f"select count(*) from core.{table}")[0])
        for table in ("accounts", "posters", "contacts", "ads")
    )
    to_contacts = Edges(*_pairs(connection, "core.poster_contacts", "contact_key"))
    to_ads = Edges(*_pairs(connection, "core.poster_texts", "ad_key"))

    shareable = _mask(n_contacts, _column(connection, _OF_KINDS, list(contact_kinds)))
    of_chats = shareable & _mask(n_contacts, _column(connection, _OF_CHATS))
    to_contacts = to_contacts.keep(~of_chats[to_contacts.thing])
    common_contacts = of_chats | find_common_contacts(
        to_contacts, shareable, min_posters=contact_posters, apart_share=apart_share
    )
    to_contacts = to_contacts.keep(~common_contacts[to_contacts.thing])
    # Of a text without account and contact nobody knows whether it is somebody else's.
    is_somebody = np.arange(n_posters) < n_accounts
    is_somebody[to_contacts.poster] = True
    common_ads = find_common_ads(
        to_ads.keep(is_somebody[to_ads.poster]),
        to_contacts,
        n_ads,
        min_posters=ad_posters,
        apart_share=apart_share,
    )
    common_ads |= _mask(n_ads, _short_ads(connection, ad_characters))
    to_ads = to_ads.keep(~common_ads[to_ads.thing])

    to_things = Edges(
        np.concatenate([to_contacts.poster, to_ads.poster]),
        np.concatenate([to_contacts.thing, n_contacts + to_ads.thing]),
    )
    component = _components(n_posters, n_contacts + n_ads, to_things)
    named = np.concatenate([np.arange(n_accounts), n_posters + np.flatnonzero(~common_contacts)])
    messages = np.zeros(len(component), np.int64)
    messages[:n_posters] = _column(connection, _POSTER_MESSAGES)
    provider = _number(component, named, messages)
    _save(connection, "poster_providers", "poster_key", provider[:n_posters])
    _save(connection, "contact_providers", "contact_key", provider[n_posters : n_posters + n_contacts])
    _save_keys(connection, "common_ads", "ad_key", np.flatnonzero(common_ads) + 1)


# --- what is common -------------------------------------------------------------------------------


def find_common_contacts(
    edges: Edges, shareable: Booleans, *, min_posters: int, apart_share: float
) -> Booleans:
    """Return which contacts are common: the link of a group, of a forum, and no seller's own.

    A contact is judged by the posters that have rarer contacts too, which are not common themselves: into how
    many groups those contacts tie them, be it by way of others.

    Parameters
    ----------
    edges : Edges
        From posters to contacts.
    shareable : ndarray of bool, shape (n_contacts,)
        Which contacts can be common at all.
    min_posters : int
        From how many posters on.
    apart_share : float
        From which share of separate groups among them on.

    Returns
    -------
    ndarray of bool, shape (n_contacts,)
    """
    n_contacts, n_posters = len(shareable), int(edges.poster.max(initial=-1)) + 1
    n_posters_of = np.bincount(edges.thing, minlength=n_contacts)
    is_rare = n_posters_of < min_posters
    of_rare, of_others = (edges.keep(which[edges.thing]) for which in (is_rare, ~is_rare))
    has_rarer = np.zeros(n_posters, np.bool_)
    has_rarer[of_rare.poster] = True
    groups = _Groups(_components(n_posters, n_contacts, of_rare)[:n_posters])
    posters_of = _lists(of_others.thing, of_others.poster)
    common = np.zeros(n_contacts, np.bool_)
    for contact in sorted(posters_of, key=lambda contact: (n_posters_of[contact], contact)):
        posters = posters_of[contact]
        judges = posters[has_rarer[posters]].tolist()
        n_apart = len({groups.of(poster) for poster in judges})
        if shareable[contact] and len(judges) >= min_posters and n_apart >= apart_share * len(judges):
            common[contact] = True
            continue
        groups.unite(posters.tolist())
        has_rarer[posters] = True
    return common


def find_common_ads(
    edges: Edges, to_contacts: Edges, n_ads: int, *, min_posters: int, apart_share: float
) -> Booleans:
    """Return which ads are common: templates that sellers copy, and phrases.

    So is an ad, however few posted it, whose posters all have contacts and share none.

    Parameters
    ----------
    edges, to_contacts : Edges
        From posters to ads, and from posters to contacts that are not common.
    n_ads : int
        How many ads there are.
    min_posters, apart_share
        As for :func:`find_common_contacts`; a poster without contacts is a group of its own.

    Returns
    -------
    ndarray of bool, shape (n_ads,)
    """
    n_posters = max(int(one.poster.max(initial=-1)) + 1 for one in (edges, to_contacts))
    n_contacts = int(to_contacts.thing.max(initial=-1)) + 1
    group = _components(n_posters, n_contacts, to_contacts)
    has_contacts = np.zeros(n_posters, np.bool_)
    has_contacts[to_contacts.poster] = True
    n_posters_of = np.bincount(edges.thing, minlength=n_ads)
    n_with_contacts = np.bincount(edges.thing[has_contacts[edges.poster]], minlength=n_ads)
    pairs = np.unique(np.stack([edges.thing, group[edges.poster]]), axis=1)
    n_apart = np.bincount(pairs[0], minlength=n_ads)
    are_many = (n_posters_of >= min_posters) & (n_apart >= apart_share * n_posters_of)
    are_strangers = (n_posters_of > 1) & (n_with_contacts == n_posters_of) & (n_apart == n_posters_of)
    return np.asarray(are_many | are_strangers, np.bool_)


class _Groups:
    """Posters in groups that grow together (union-find)."""

    def __init__(self, labels: Integers) -> None:
        _, first, number = np.unique(labels, return_index=True, return_inverse=True)
        self._leads_to: list[int] = first[number].tolist()  # to another of the group; the last one to itself

    def of(self, poster: int) -> int:
        """Return the poster that its group is known by."""
        while (following := self._leads_to[poster]) != poster:
            self._leads_to[poster] = poster = self._leads_to[following]
        return poster

    def unite(self, posters: Sequence[int]) -> None:
        """Make one group of those of all these posters."""
        one = self.of(posters[0])
        for poster in posters:
            self._leads_to[self.of(poster)] = one


def _lists(keys: Integers, values: Integers) -> dict[int, Integers]:
    """Return the values of each key."""
    order = np.argsort(keys, kind="stable")
    found, starts = np.unique(keys[order], return_index=True)
    return dict(zip(found.tolist(), np.split(values[order], starts[1:]), strict=False))


def _short_ads(connection: duckdb.DuckDBPyConnection, least: int) -> Integers:
    """Return the ads of several posters whose longest text is shorter without its contacts and emoji."""
    short = []
    found = connection.execute(_SHARED_ADS)
    while rows := found.fetchmany(_BATCH_TEXTS):
        short += [key for key, text in rows if len(_NO_WORDS.sub(" ", fold(text)).strip()) < least]
    return np.asarray(short, np.int64)


# --- components -----------------------------------------------------------------------------------


def _components(n_posters: int, n_things: int, edges: Edges) -> Integers:
    """Return the component of each node: posters, then things."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n_nodes = n_posters + n_things
    ones = np.ones(len(edges.poster), np.bool_)
    graph = coo_array((ones, (edges.poster, n_posters + edges.thing)), shape=(n_nodes, n_nodes))
    return np.asarray(connected_components(graph, directed=False)[1], np.int64)


def _number(component: Integers, named: Integers, messages: Integers) -> Integers:
    """Return each node's provider: the one with most messages is 1; 0 where nobody is known."""
    n_components = int(component.max(initial=-1)) + 1
    weight = np.zeros(n_components, np.int64)
    np.add.at(weight, component, messages)
    first = np.full(n_components, len(component), np.int64)
    np.minimum.at(first, component, np.arange(len(component)))
    known = np.unique(component[named])
    order = known[np.lexsort((first[known], -weight[known]))]
    number = np.zeros(n_components, np.int64)
    number[order] = np.arange(1, len(order) + 1)
    return number[component]


# --- from and to the database ---------------------------------------------------------------------

_OF_KINDS = "select contact_key from core.contacts where list_contains(?, kind) order by all"
_OF_CHATS = "select contact_key from core.chat_contacts order by all"
_SHARED_ADS = """
    select ads.ad_key, text
    from core.ads
    join core.ad_texts on text_key = longest_text_key
    join raw.texts using (text_id)
    where ads.ad_key in (
        select ad_key from core.poster_texts group by ad_key having count(distinct poster_key) > 1
    )"""
_BATCH_TEXTS = 10_000
_POSTER_MESSAGES = """
    select coalesce(sum(messages), 0)::bigint
    from core.posters left join core.poster_texts using (poster_key)
    group by poster_key order by poster_key"""


def _column(connection: duckdb.DuckDBPyConnection, sql: str, *values: object) -> Integers:
    (column,) = connection.execute(sql, list(values)).fetchnumpy().values()
    return np.asarray(column, np.int64)


def _mask(size: int, keys: Integers) -> Booleans:
    """Return which of so many things have one of these keys."""
    mask = np.zeros(size, np.bool_)
    mask[keys - 1] = True
    return mask


def _pairs(connection: duckdb.DuckDBPyConnection, table: str, thing: str) -> list[Integers]:
    """Return keys of posters and things that go together, counted from 0."""
    sql = f"select distinct poster_key, {thing} from {table} order by all"
    return [np.asarray(column, np.int64) - 1 for column in connection.execute(sql).fetchnumpy().values()]


def _save(connection: duckdb.DuckDBPyConnection, table: str, key: str, provider: Integers) -> None:
    """Save the provider of the things that have one."""
    import pyarrow

    known = np.flatnonzero(provider)
    columns = {key: (known + 1).astype(np.int32), "provider": provider[known].astype(np.int32)}
    add_table(connection, f"core.{table}", pyarrow.table(columns))


def _save_keys(connection: duckdb.DuckDBPyConnection, table: str, key: str, keys: Integers) -> None:
    import pyarrow

    add_table(connection, f"core.{table}", pyarrow.table({key: keys.astype(np.int32)}))
