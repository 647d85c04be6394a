-- en: One row per provider that posted ads in bulk (dealer quantities), those with most of them first.
--     Messages and ads are those in bulk; so are substances, places and dates (Dutch time).
-- nl: Eén rij per aanbieder die advertenties in bulk (dealerhoeveelheden) plaatste, die met de meeste
--     eerst. Berichten en advertenties zijn die in bulk; middelen, plaatsen en datums (Nederlandse tijd)
--     ook.
-- parameter n = 1000
with bulk as (
    select provider, text_key, ad_key, account_key, chat_key, messages, first_time, last_time
    from core.postings join (select text_key from core.ad_texts where is_bulk) using (text_key)
    where provider is not null
),
counted as (
    select provider, sum(messages)::bigint as messages, count(distinct ad_key) as ads,
        count(distinct account_key) as accounts, count(distinct chat_key) as chats,
        min(first_time)::date as first_date, max(last_time)::date as last_date
    from bulk group by all
),
substances as (
    select provider, list_sort(list_distinct(list(substance))) as substances
    from bulk join core.text_substances using (text_key) group by all
),
places as (
    select provider, list_sort(list_distinct(list(place))) as places
    from bulk join core.text_places using (text_key) group by all
)
select provider, messages, ads, accounts, chats, first_date, last_date,
    coalesce(substances, []) as substances, coalesce(places, []) as places
from counted
left join substances using (provider)
left join places using (provider)
order by messages desc, provider
limit $n
