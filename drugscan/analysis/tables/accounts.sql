-- en: One row per account. Messages are all its messages; dates are those of its first and last ad (Dutch time).
-- nl: Eén rij per account. Berichten zijn al zijn berichten; datums zijn die van zijn eerste en laatste advertentie
--     (Nederlandse tijd).
with of_ads as (
    select account_key, min(provider) as provider, sum(messages)::bigint as ad_messages,
        count(distinct ad_key) as ads, count(distinct chat_key) as chats,
        min(first_time)::date as first_date, max(last_time)::date as last_date
    from core.postings
    where account_key is not null
    group by account_key
)
select core.pseudonym('account', account) as account, provider, messages, coalesce(ad_messages, 0) as ad_messages,
    coalesce(ads, 0) as ads, coalesce(chats, 0) as ad_chats, first_date, last_date
from core.accounts
left join of_ads using (account_key)
order by 1
