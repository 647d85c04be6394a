"""Which accounts are one provider, and why."""

from __future__ import annotations

import time
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drugscan.analysis import open_results
from drugscan.analysis.providers import Edges, find_common_ads, find_common_contacts
from tests.analysis.folders import Post, Text, write_results

LONG = "Bezorging in de hele stad, elke dag van tien tot twee, {}"


def ad(words: str, *contacts: tuple[str, str], same_as: str | None = None) -> Text:
    return Text(words, ("drugsad", "harddrugs"), ["cocaine"], contacts=contacts, ad=same_as)


def phone(number: int) -> tuple[str, str]:
    return "phone", f"+3160000{number:04}"


@pytest.fixture
def providers_of(tmp_path):
    """Return a function from posts to the answers about their providers."""

    def ask(posts: list[Post], name: str = "accounts"):
        folder = tmp_path / f"r{len(list(tmp_path.iterdir()))}"
        with open_results(write_results(folder, posts), identities=True) as opened:
            return opened.ask(name).to_pylist()

    return ask


def groups(rows) -> set[frozenset[str]]:
    found: dict[int, set[str]] = {}
    for row in rows:
        found.setdefault(row["provider"], set()).add(row["account"])
    return {frozenset(accounts) for accounts in found.values()}


def test_a_contact_ties_accounts_and_ties_go_on(providers_of):
    posts = [
        Post(ad("een", phone(1)), "a"),
        Post(ad("twee", phone(1), phone(2)), "b"),
        Post(ad("drie", phone(2)), "c"),
        Post(ad("vier", phone(3)), "d"),
    ]
    assert groups(providers_of(posts)) == {frozenset("abc"), frozenset("d")}


def test_the_same_ad_ties_accounts(providers_of):
    text = ad(LONG.format("coke"))
    variant = ad(LONG.format("coke!"), same_as=text.text)
    posts = [Post(text, "a"), Post(variant, "b"), Post(ad(LONG.format("iets anders")), "c")]
    assert groups(providers_of(posts)) == {frozenset("ab"), frozenset("c")}
    assert [row["reason"] for row in providers_of(posts, "providers")] == ["ad", "ad", None]


def test_a_short_ad_ties_nobody(providers_of):
    posts = [Post(ad("coke en 3mmc, dm"), account) for account in "ab"]
    assert groups(providers_of(posts)) == {frozenset("a"), frozenset("b")}


@pytest.mark.parametrize(
    ("words", "n_providers"),
    [
        ("Coke 1g 50 bezorging Utrecht. Bel 06-0000 0123", 2),
        ("Coke en 3mmc, stuur dm" + " ❄️🔥" * 12, 2),
        ("Coke 1g 50 bezorging Utrecht en omgeving, elke dag", 1),
    ],
)
def test_contacts_and_emoji_make_no_ad_long(providers_of, words, n_providers):
    posts = [Post(ad(words), account) for account in "ab"]
    assert len(groups(providers_of(posts))) == n_providers


@pytest.mark.parametrize(("accounts", "n_with_one_more"), [("ab", 1), ("abc", 1), ("abcd", 5)])
def test_an_ad_ties_nobody_who_has_contacts_and_shares_none(providers_of, accounts, n_with_one_more):
    first = LONG.format(0)
    posts = [
        Post(ad(LONG.format(number), phone(number), same_as=first), account)
        for number, account in enumerate(accounts)
    ]
    assert len(groups(providers_of(posts))) == len(accounts)
    # Who has none may be any of them, unless there are many.
    assert len(groups(providers_of([*posts, Post(ad(first), "x")]))) == n_with_one_more


@pytest.mark.parametrize(
    "chat",
    [
        {"chat": "marktplein_nl"},
        {"chat": "@Marktplein_NL"},
        {"chat": "https://t.me/marktplein_nl"},
        {"chat": "https://t.me/s/marktplein_nl/?before=3"},
        {"chat": "De marktplaats", "chat_id": "marktplein_nl"},
    ],
)
def test_the_handle_of_a_chat_of_several_accounts_ties_nobody(providers_of, chat):
    own = ("telegram", "@marktplein_nl")
    posts = [Post(ad(f"los {account}", own), account, fields=chat) for account in "abc"]
    assert len(groups(providers_of(posts))) == 3
    assert [row["provider"] for row in providers_of(posts, "contacts")] == [None]
    # Elsewhere it is still the group's.
    elsewhere = [Post(ad(f"ook {account}", own), account, "Elders") for account in "xy"]
    assert len(groups(providers_of(posts + elsewhere))) == 5
    # Of a chat in which one account advertises it is that account's.
    alone = [Post(ad("los", own), "a", fields=chat), Post(ad("ook", own), "b", "Elders")]
    assert len(groups(providers_of(alone))) == 1
    # A telephone number is a person's, whatever a chat is called.
    numbered = [
        Post(ad(f"los {account}", phone(1)), account, fields=chat | {"chat": phone(1)[1]}) for account in "ab"
    ]
    assert len(groups(providers_of(numbered))) == 1


@pytest.mark.parametrize(
    ("account", "handle", "n_providers"),
    [
        ("testbaas_a", "@testbaas_a", 1),
        ("user123", "@user123", 2),
        ("123456789", "@123456789", 2),
        ("jan jansen", "@jan jansen", 2),
        ("testbaas_b", "@testbaas_a", 2),
    ],
)
def test_an_account_is_tied_to_its_own_handle(providers_of, account, handle, n_providers):
    posts = [Post(ad("een"), account), Post(ad("twee", ("telegram", handle)), None)]
    assert [row["providers"] for row in providers_of(posts, "headline")] == [n_providers]


def test_the_own_handle_is_a_reason(providers_of):
    posts = [Post(ad("een"), "testbaas_a"), Post(ad("twee", ("telegram", "@testbaas_a")), "jan")]
    assert [(row["account"], row["reason"], row["shared"]) for row in providers_of(posts, "providers")] == [
        ("jan", "telegram", "@testbaas_a"),
        ("testbaas_a", "telegram", "@testbaas_a"),
    ]
    # Who posts no ads is no provider, whoever names them.
    posts = [Post(Text("hoi"), "testbaas_a"), Post(ad("twee", ("telegram", "@testbaas_a")), "jan")]
    assert [row["provider"] for row in providers_of(posts)] == [1, None]


def test_a_template_ties_nobody(providers_of):
    first = LONG.format(0)
    posts = [
        Post(ad(LONG.format(number), phone(number), same_as=first), f"user{number}") for number in range(6)
    ]
    assert len(groups(providers_of(posts))) == 6
    # Of accounts that hang together anyway the same ad is no template.
    tied = [Post(ad(f"los {number}", phone(number), phone(0)), f"user{number}") for number in range(6)]
    assert len(groups(providers_of(posts + tied))) == 1


def test_a_link_that_apart_sellers_post_ties_nobody(providers_of):
    group_link = ("telegram", "@voorbeeldgroep")
    posts = [Post(ad(f"los {number}", phone(number), group_link), f"user{number}") for number in range(12)]
    assert len(groups(providers_of(posts))) == 12
    (row,) = [row for row in providers_of(posts, "contacts") if row["contact"] == "@voorbeeldgroep"]
    assert row["provider"] is None
    assert row["accounts"] == 12
    # A telephone number belongs to somebody, however many use it.
    posts = [Post(ad(f"los {number}", phone(number), phone(99)), f"user{number}") for number in range(12)]
    assert len(groups(providers_of(posts))) == 1


def test_a_link_that_apart_channels_post_ties_nobody(providers_of):
    group_link = ("telegram", "@voorbeeldgroep")
    posts = [Post(ad(f"los {number}", phone(number), group_link), None) for number in range(12)]
    (headline,) = providers_of(posts, "headline")
    assert headline["providers"] == 12
    # The texts of one seller hang together by what else they name.
    of_one = [Post(ad(f"los {number}", phone(0), group_link), None) for number in range(12)]
    (headline,) = providers_of(of_one, "headline")
    assert headline["providers"] == 1


def test_a_template_of_channels_ties_nobody(providers_of):
    first = LONG.format(0)
    posts = [Post(ad(LONG.format(number), phone(number), same_as=first), None) for number in range(6)]
    (headline,) = providers_of(posts, "headline")
    assert headline["providers"] == 6
    # Texts that name nobody tell nothing of it.
    posts = [Post(ad(LONG.format(number), same_as=first), None) for number in range(6)]
    posts += [Post(ad(first), "a"), Post(ad(first), "b")]
    assert groups(providers_of(posts)) == {frozenset("ab")}


@pytest.mark.parametrize(
    ("link", "n_providers"),
    [
        ("postnl.nl/tracktrace", 2),
        ("jouw.postnl.nl", 2),
        ("google.com/maps?q=utrecht", 2),
        ("instagram.com", 2),
        ("instagram.com/?hl=nl", 2),
        ("instagram.com/voorbeeld_x", 1),
        ("notpostnl.nl", 1),
        ("voorbeeld.example/postnl.nl", 1),
    ],
)
def test_a_site_of_everybody_ties_nobody(providers_of, link, n_providers):
    posts = [Post(ad(f"los {account}", ("link", link)), account) for account in "ab"]
    assert len(groups(providers_of(posts))) == n_providers


def test_a_blanked_number_leads_to_nobody(providers_of):
    posts = [Post(ad(f"los {account}", ("phone", "+316xxxxxxxx")), account) for account in "ab"]
    assert len(groups(providers_of(posts))) == 2


def test_a_number_on_whatsapp_is_that_number(providers_of):
    posts = [Post(ad("een", phone(1)), "a"), Post(ad("twee", ("whatsapp", phone(1)[1])), "b")]
    assert len(groups(providers_of(posts))) == 1


def test_posts_without_an_account_belong_to_their_contacts(providers_of):
    posts = [
        Post(ad("een", phone(1)), None),
        Post(ad("twee", phone(1), phone(2)), None),
        Post(ad("drie", phone(3)), None),
        Post(ad("vier"), None),
        Post(ad("vijf", phone(2)), "a"),
    ]
    (headline,) = providers_of(posts, "headline")
    assert (headline["providers"], headline["ad_accounts"], headline["ad_contacts"]) == (2, 1, 3)
    assert (headline["anonymous_ad_messages"], headline["unattributed_ad_messages"]) == (4, 1)
    (first, second) = providers_of(posts, "provider_summary")
    assert (first["provider"], first["messages"], first["accounts"], first["contacts"]) == (1, 3, 1, 2)
    assert (second["messages"], second["accounts"], second["contacts"]) == (1, 0, 1)


def test_summary_of_a_provider(providers_of):
    menu = ["cocaine", "xtc", "weed", "hash", "3mmc"]
    texts = [
        Text(
            "menu",
            ("drugsad", "harddrugs", "softdrugs", "designer", "bezorging"),
            menu,
            ["Goes"],
            contacts=[phone(1)],
        ),
        Text("kilo's", ("drugsad", "softdrugs", "post", "bulk"), ["weed"], ["Sluis"], contacts=[phone(1)]),
    ]
    (row,) = providers_of([Post(text, account) for text in texts for account in "ab"], "provider_summary")
    assert (row["accounts"], row["messages"], row["ads"], row["days_active"]) == (2, 4, 2, 1)
    assert (row["range"], row["quantities"]) == ("full range", "both")
    assert row["substances"] == sorted(menu)
    assert row["places"] == ["Goes", "Sluis"]
    assert row["delivery"] == ["bezorging", "post"]


def test_most_messages_come_first(providers_of):
    posts = [Post(ad("een", phone(1)), "a"), *[Post(ad("twee", phone(2)), "b")] * 3]
    rows = providers_of(posts, "provider_summary")
    assert [row["messages"] for row in rows] == [3, 1]


def test_time_grows_with_the_accounts_of_a_link_and_not_with_their_square():
    def seconds(n_accounts: int) -> float:
        accounts = np.arange(n_accounts)
        edges = Edges(np.tile(accounts, 2), np.concatenate([accounts, np.full(n_accounts, n_accounts)]))
        started = time.process_time()
        found = find_common_contacts(
            edges, np.ones(n_accounts + 1, np.bool_), min_posters=10, apart_share=0.5
        )
        assert found.tolist() == [False] * n_accounts + [True]
        return time.process_time() - started

    assert seconds(40_000) < 2  # half a minute and more, if each is held against each


def test_time_does_not_grow_with_the_square_of_the_contacts_that_accounts_share():
    n_accounts, n_contacts = 20, 4_000
    edges = Edges(*(grid.ravel() for grid in np.mgrid[:n_accounts, :n_contacts]))
    started = time.process_time()
    found = find_common_contacts(edges, np.ones(n_contacts, np.bool_), min_posters=10, apart_share=0.5)
    assert not found.any()
    assert time.process_time() - started < 2  # half a minute, if each looks through those before it


# --- what is common, against an oracle that goes through all pairs ----------------------------------

EDGES = st.sets(st.tuples(st.integers(0, 7), st.integers(0, 5)), min_size=1, max_size=30)


def n_groups(accounts: list[int], pairs: set[tuple[int, int]]) -> int:
    """Return into how many groups contacts tie accounts, be it by way of others."""
    seen: set[int] = set()
    n_found = 0
    for account in accounts:
        n_found += account not in seen
        group = {account}
        while more := {
            other
            for one, contact in pairs
            for other, shared in pairs
            if one in group and shared == contact and other not in group
        }:
            group |= more
        seen |= group
    return n_found


def as_edges(pairs) -> Edges:
    pairs = sorted(pairs)
    return Edges(np.array([a for a, _ in pairs], np.int64), np.array([b for _, b in pairs], np.int64))


@given(EDGES, EDGES, st.integers(1, 4), st.sampled_from([0.3, 0.5, 0.8]))
def test_common_ads(to_ads, to_contacts, min_posters, share):
    found = find_common_ads(
        as_edges(to_ads), as_edges(to_contacts), 6, min_posters=min_posters, apart_share=share
    )
    for ad_number in range(6):
        accounts = [account for account, number in to_ads if number == ad_number]
        n_apart = n_groups(accounts, to_contacts)
        have_contacts = {account for account, _ in to_contacts} >= set(accounts)
        are_many = len(accounts) >= min_posters and n_apart >= share * len(accounts)
        are_strangers = len(accounts) > 1 and have_contacts and n_apart == len(accounts)
        assert found[ad_number] == (are_many or are_strangers)


@given(EDGES, st.integers(1, 4), st.sampled_from([0.3, 0.5, 0.8]))
def test_common_contacts(pairs, min_posters, share):
    found = find_common_contacts(
        as_edges(pairs), np.ones(6, np.bool_), min_posters=min_posters, apart_share=share
    )
    used = Counter(contact for _, contact in pairs)
    rarest_first = sorted(range(6), key=lambda contact: (used[contact], contact))
    own: set[tuple[int, int]] = set()
    for contact in rarest_first:
        accounts = [account for account, number in pairs if number == contact]
        have_own = [account for account in accounts if account in {one for one, _ in own}]
        common = (
            len(accounts) >= min_posters
            and len(have_own) >= min_posters
            and n_groups(have_own, own) >= share * len(have_own)
        )
        assert found[contact] == common
        if not common:
            own |= {(account, contact) for account in accounts}
