-- en: One row an account that posted an ad. Messages are all its messages; dates are those of its ads (Dutch time).
-- nl: Eén rij per account dat een advertentie plaatste. Berichten zijn al zijn berichten; datums zijn die van zijn
--     advertenties (Nederlandse tijd).
with of_ads as (
    select account_key, min(provider) as provider, sum(messages)::bigint as ad_messages,
        count(distinct ad_key) as ads, count(distinct chat_key) as chats,
        min(first_time)::date as first_date, max(last_time)::date as last_date
    from core.postings
    where account_key is not null
    group by account_key
),
counted as (
    select account, count(*) as messages from raw.messages group by account
)
select core.pseudonym('account', account) as account, provider, messages, ad_messages, ads, chats, first_date,
    last_date
from of_ads
join core.accounts using (account_key)
join counted using (account)
order by 1
