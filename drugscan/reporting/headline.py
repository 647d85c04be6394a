"""The headline: what was found in a line, in a few sentences, and in eight numbers with definitions."""

from __future__ import annotations

from typing import Any

from drugscan.analysis import is_small
from drugscan.reporting.answers import AnswerRow, Answers, share
from drugscan.reporting.sections.providers import COVERED_SHARE, provider_counts, provider_range
from drugscan.reporting.words import Words

# No collection is like the texts that were measured: so many times as many may still be mistakes.
_FEW_TIMES_CHANCE = 3
# Of fewer messages a share in percent would seem to say more than two numbers do.
_LEAST_MESSAGES_TO_SHARE = 100


def title(headline: AnswerRow, words: Words) -> str:
    """Return the finding of all, in a line."""
    if not headline["messages"]:
        return words.get("page.title_no_messages")
    key = "title_few" if _is_few(headline) else "title"
    template = words.get(f"page.{key if headline['ad_messages'] else 'title_no_ads'}")
    of_all = share(headline["ad_messages"], headline["messages"])
    return words.fill(template, **headline, share=of_all)


def _is_few(headline: AnswerRow) -> bool:
    return bool(headline["messages"] < _LEAST_MESSAGES_TO_SHARE)


def lead(answers: Answers, words: Words) -> list[str]:
    """Return the sentences below the title: what was read, how it repeats, and whether it may be chance."""
    headline = answers.headline
    if not headline["messages"]:
        return []
    first, last = headline["first_date"], headline["last_date"]
    key = "lead_no_dates" if first is None else "lead_day" if first == last else "lead_period"
    where = words.fill(words.get(f"page.{'in_chats' if headline['chats'] else 'in_unknown'}"), **headline)
    sentences = [words.fill(words.get(f"page.{key}"), **headline, where=where, first=first, last=last)]
    if headline["overlapping_messages"]:
        sentences.append(words.fill(words.get("page.lead_overlap"), **headline))
    if headline["ad_messages"] > 1:
        low, high = provider_range(headline) or (0, 0)
        key = "lead_ads" if low < high else "lead_ads_same" if high else "lead_ads_unknown"
        values = {**headline, **_covered(headline), "low": low, "high": high}
        sentences.append(words.fill(words.get(f"page.{key}"), **values))
    elif headline["ad_messages"] and not _is_few(headline):  # of few messages the title says it
        sentences.append(words.get("page.lead_ads_one"))
    if headline["ad_messages"]:
        sentences += _doubt(answers, words)
    return sentences


def _covered(headline: AnswerRow) -> dict[str, float]:
    """Return what share of the ad messages each count of providers covers."""
    return {f"{row['counted']}_share": row["covered_share"] for row in provider_counts(headline)}


def _doubt(answers: Answers, words: Words) -> list[str]:
    """Return what to think of ads that are hardly more frequent than other texts are taken for ads."""
    counts = (answers.model_figures or {}).get("ordinary_texts", {}).values()
    read, called = (sum(one[key] for one in counts) for key in ("messages", "called_ads"))
    of_all = share(answers.headline["ad_messages"], answers.headline["messages"])
    if not read or of_all > _FEW_TIMES_CHANCE * called / read:
        return []
    return [words.fill(words.get("page.lead_doubt"), read=read, called=called)]


def numbers(answers: Answers, words: Words, *, min_count: int = 0) -> list[dict[str, Any]]:
    """Return the headline numbers, each with its definition; without one that rests on fewer accounts."""
    headline = answers.headline
    ad_messages, messages = headline["ad_messages"], headline["messages"]
    low, high = provider_range(headline) or (0, 0)
    named = sum(row["messages"] for row in answers["delivery"] if row["mode"] != "none")
    span = words.number(high) if low == high else f"{words.number(low)}–{words.number(high)}"
    of_ads = {
        "providers": span if high else "–",
        "copies": words.number(share(ad_messages, headline["ads"]), 1),
        "bulk": words.percent(share(headline["bulk_messages"], ad_messages)),
        "delivery": words.percent(share(named, ad_messages)),
    }
    if not ad_messages:
        of_ads = dict.fromkeys(of_ads, "–")
    values = {
        "messages": words.number(messages),
        "ad_messages": words.number(ad_messages),
        "ads": words.number(headline["ads"]),
        "copies": of_ads["copies"],
        "providers": of_ads["providers"],
        "bulk": of_ads["bulk"],
        "delivery": of_ads["delivery"],
        "chats": words.number(headline["chats"]),
    }
    about = {
        **headline,
        "share": share(ad_messages, messages),
        "agreed": share(headline["both_models_ad_messages"], ad_messages),
        "least": COVERED_SHARE,
        **_covered(headline),
    }
    shown = [
        {
            "name": words.get(f"headline.{name}.name"),
            "value": value,
            "definition": words.fill(words.get(f"headline.{name}.definition"), **about),
        }
        for name, value in values.items()
    ]
    of_bulk = {"accounts": headline["bulk_accounts"], "messages": headline["bulk_messages"]}
    if is_small(of_bulk, min_count=min_count):
        bulk = shown[list(values).index("bulk")]
        bulk |= {"value": "–", "definition": words.fill(words.get("headline.bulk.small"), n=min_count)}
    return shown
