-- en: One row per chat (group or channel). An ad counts in each chat where it was posted, an account in
--     each where it posted an ad. Dates are those of the first and last message of any kind, in Dutch
--     time. Chats with one name have their id behind it.
-- nl: Eén rij per chat (groep of kanaal). Een advertentie telt in elke chat waar zij is geplaatst, een
--     account in elke waar het een advertentie plaatste. De datums zijn die van het eerste en laatste
--     bericht van welke soort ook, in Nederlandse tijd.
--     Chats met dezelfde naam hebben er hun id achter.
-- adds up
with counted as (
    select chat_key, sum(messages)::bigint as messages, min(hour)::date as first_date,
        max(hour)::date as last_date
    from core.message_hours
    where chat_key is not null
    group by all
),
of_ads as (
    select chat_key, sum(messages)::bigint as ad_messages, count(distinct ad_key) as ads,
        count(distinct account_key) as accounts
    from core.postings
    group by all
)
select core.pseudonym('chat', name) || if(has_namesake, ' (' || core.pseudonym('chat', id) || ')', '') as chat,
    messages, coalesce(ad_messages, 0) as ad_messages,
    coalesce(ads, 0) as ads, coalesce(accounts, 0) as accounts, first_date, last_date
from counted
join core.chats using (chat_key)
left join of_ads using (chat_key)
order by messages desc, 1
