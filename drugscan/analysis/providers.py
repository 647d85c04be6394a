"""Providers: accounts that the same contact or the same ad ties together.

A poster is an account, or a text that was posted without one (as in channels), which stands for itself.
Posters, contacts and ads are the nodes of a graph, who posted what are its edges; a provider is a connected
component with an account or a contact in it. What is common ties nobody: its edges are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from drugscan.analysis.database import add_table

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Booleans = NDArray[np.bool_]


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
        Shorter ads are common.
    contact_kinds : sequence of str
        Kinds of contacts that can be common.
    apart_share : float
        What can be common is, if its posters fall into at least this share of separate groups.
    """
    n_accounts, n_posters, n_contacts, n_ads = (
        int(_column(connection, f"select count(*) from core.{table}")[0])
        for table in ("accounts", "posters", "contacts", "ads")
    )
    to_contacts = Edges(*_pairs(connection, "contact_key", "join core.text_contacts using (text_key)"))
    to_ads = Edges(*_pairs(connection, "ad_key", ""))

    shareable = np.zeros(n_contacts, np.bool_)
    shareable[_column(connection, _OF_KINDS, list(contact_kinds)) - 1] = True
    common_contacts = find_common_contacts(
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
    common_ads[_column(connection, _SHORT_ADS, ad_characters) - 1] = True
    to_ads = to_ads.keep(~common_ads[to_ads.thing])

    component = _components(n_posters, n_contacts, n_ads, to_contacts, to_ads)
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

    A contact is judged by the posters that have rarer contacts too, which are not common themselves.

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
    n_contacts = len(shareable)
    n_posters = np.bincount(edges.thing, minlength=n_contacts)
    rank = np.empty(n_contacts, np.int64)
    order = np.argsort(n_posters, kind="stable")
    rank[order] = np.arange(n_contacts)
    posters_of, contacts_of = _lists(edges.thing, edges.poster), _lists(edges.poster, edges.thing)
    common = np.zeros(n_contacts, np.bool_)
    for contact in order[(n_posters[order] >= min_posters) & shareable[order]].tolist():
        rarer = [
            [other for other in contacts_of[poster] if rank[other] < rank[contact] and not common[other]]
            for poster in posters_of[contact]
        ]
        of_others = [contacts for contacts in rarer if contacts]
        if len(of_others) >= min_posters and _n_groups(of_others) >= apart_share * len(of_others):
            common[contact] = True
    return common


def find_common_ads(
    edges: Edges, to_contacts: Edges, n_ads: int, *, min_posters: int, apart_share: float
) -> Booleans:
    """Return which ads are common: templates that sellers copy, and phrases.

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
    posters_of, contacts_of = (
        _lists(edges.thing, edges.poster),
        _lists(to_contacts.poster, to_contacts.thing),
    )
    common = np.zeros(n_ads, np.bool_)
    for ad, posters in posters_of.items():
        if len(posters) >= min_posters:
            groups = _n_groups([contacts_of.get(poster, []) for poster in posters])
            common[ad] = groups >= apart_share * len(posters)
    return common


def _n_groups(members: Iterable[Sequence[int]]) -> int:
    """Return into how many groups members fall, if those with a thing in common are one.

    Asked of very many small sets, for which a call of SciPy takes a hundred times as long.
    """
    leads_to: dict[int, int] = {}  # of each thing another one of its group; the last one leads to itself

    def last(thing: int) -> int:
        while (following := leads_to.setdefault(thing, thing)) != thing:
            leads_to[thing] = thing = leads_to[following]
        return thing

    n_alone = 0
    for things in members:
        n_alone += not things
        for thing in things:
            leads_to[last(thing)] = last(things[0])
    return n_alone + sum(thing == following for thing, following in leads_to.items())


def _lists(keys: Integers, values: Integers) -> dict[int, list[int]]:
    """Return the values of each key."""
    order = np.argsort(keys, kind="stable")
    found, starts = np.unique(keys[order], return_index=True)
    parts = np.split(values[order], starts[1:])
    return {key: part.tolist() for key, part in zip(found.tolist(), parts, strict=False)}


# --- components -----------------------------------------------------------------------------------


def _components(n_posters: int, n_contacts: int, n_ads: int, to_contacts: Edges, to_ads: Edges) -> Integers:
    """Return the component of each node: posters, then contacts, then ads."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n_nodes = n_posters + n_contacts + n_ads
    rows = np.concatenate([to_contacts.poster, to_ads.poster])
    columns = np.concatenate([n_posters + to_contacts.thing, n_posters + n_contacts + to_ads.thing])
    graph = coo_array((np.ones(len(rows), np.bool_), (rows, columns)), shape=(n_nodes, n_nodes))
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
_SHORT_ADS = "select ad_key from core.ads where characters < ? order by all"
_POSTER_MESSAGES = """
    select coalesce(sum(messages), 0)::bigint
    from core.posters left join core.poster_texts using (poster_key)
    group by poster_key order by poster_key"""


def _column(connection: duckdb.DuckDBPyConnection, sql: str, *values: object) -> Integers:
    (column,) = connection.execute(sql, list(values)).fetchnumpy().values()
    return np.asarray(column, np.int64)


def _pairs(connection: duckdb.DuckDBPyConnection, thing: str, join: str) -> list[Integers]:
    """Return keys of posters and things that go together, counted from 0."""
    sql = f"select distinct poster_key, {thing} from core.poster_texts {join} order by all"
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
