"""The questions answered again, slowly and plainly, message by message."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

from drugscan.records import text_id
from tests.analysis.folders import Post, Text, ad_ids

DUTCH_TIME = ZoneInfo("Europe/Amsterdam")
BEGAN, ENDS = (datetime(*day, tzinfo=timezone.utc) for day in ((2013, 8, 14), (2040, 1, 1)))


def time_of(post: Post) -> datetime | None:
    """Return when a post was made, in Dutch time; None if it does not say, or says what cannot be."""
    if post.date is None or not BEGAN <= post.date < ENDS:
        return None
    return post.date.astimezone(DUTCH_TIME)


class Oracle:
    """All that can be asked of posts."""

    def __init__(self, posts: Sequence[Post]) -> None:
        self.posts = posts
        self.ad_of = ad_ids({post.text.text: post.text for post in posts}.values())
        self.ads = [post for post in posts if post.text.is_ad]

    def headline(self) -> dict[str, Any]:
        bulk = [post for post in self.ads if "bulk" in post.text.labels]
        times = [time_of(post) for post in self.posts]
        dates = [time.date() for time in times if time]
        return {
            "messages": len(self.posts),
            "messages_with_text": sum(post.text.text != "" for post in self.posts),
            "messages_without_date": sum(time is None for time in times),
            "messages_with_wrong_date": sum(
                post.date is not None and time is None for post, time in zip(self.posts, times, strict=True)
            ),
            "texts": len({post.text.text for post in self.posts} - {""}),
            "ad_messages": len(self.ads),
            "ad_texts": len({post.text.text for post in self.ads}),
            "ads": self._n_ads(self.ads),
            "accounts": self._n_accounts(self.posts),
            "ad_accounts": self._n_accounts(self.ads),
            "ad_contacts": len({value for post in self.ads for _, value in post.text.contacts}),
            "chats": len({post.chat for post in self.posts} - {None}),
            "first_date": min(dates),
            "last_date": max(dates),
            "bulk_messages": len(bulk),
            "bulk_ads": self._n_ads(bulk),
            "bulk_accounts": self._n_accounts(bulk),
            "anonymous_ad_messages": sum(post.account is None for post in self.ads),
            "contactless_ad_messages": sum(not post.text.contacts for post in self.ads),
            "both_models_ad_messages": sum(post.text.models_agree for post in self.ads),
            "overlapping_messages": 0,
            "single_model_ad_messages": sum(not post.text.models_agree for post in self.ads),
        }

    def by_period(self, period: Callable[[Any], Hashable]) -> dict[Hashable, tuple[int, int, int, int]]:
        """Return messages, ad messages, ads and accounts with ads by a period of Dutch time."""
        groups = self._grouped(self.posts, lambda post: [period(time)] if (time := time_of(post)) else [])
        return {
            key: (len(posts), len(ads := _ads(posts)), self._n_ads(ads), self._n_accounts(ads))
            for key, posts in groups.items()
        }

    def by_value(self, values: Callable[[Text], Iterable[str]]) -> dict[Hashable, tuple[int, int, int]]:
        """Return messages, ads and accounts by what ads have."""
        return self.by_post(lambda post: values(post.text))

    def by_post(self, values: Callable[[Post], Iterable[Hashable]]) -> dict[Hashable, tuple[int, int, int]]:
        """Return the same by what posts of ads have."""
        groups = self._grouped(self.ads, values)
        return {
            key: (len(posts), self._n_ads(posts), self._n_accounts(posts)) for key, posts in groups.items()
        }

    def by_chat(self) -> dict[Hashable, tuple[int, int, int, int]]:
        groups = self._grouped(self.posts, lambda post: [post.chat] if post.chat else [])
        return {
            key: (len(posts), len(ads := _ads(posts)), self._n_ads(ads), self._n_accounts(ads))
            for key, posts in groups.items()
        }

    def copies(self) -> Counter[int]:
        """Return how many ads were posted so many times."""
        return Counter(Counter(self.ad_id(post) for post in self.ads).values())

    def ad_id(self, post: Post) -> str:
        return self.ad_of[text_id(post.text.text)]

    def _n_ads(self, posts: Sequence[Post]) -> int:
        return len({self.ad_id(post) for post in posts})

    def _n_accounts(self, posts: Sequence[Post]) -> int:
        return len({post.account for post in posts} - {None})

    def _grouped(
        self, posts: Sequence[Post], keys: Callable[[Post], Iterable[Hashable]]
    ) -> dict[Hashable, list[Post]]:
        groups: dict[Hashable, list[Post]] = defaultdict(list)
        for post in posts:
            for key in keys(post):
                groups[key].append(post)
        return groups


def _ads(posts: Sequence[Post]) -> list[Post]:
    return [post for post in posts if post.text.is_ad]
