-- en: One row per band of days, for accounts with ads and for chats with ads: how many were active so long,
--     from the day of the first ad message to that of the last (both counted, Dutch time), and how many ad
--     messages these are.
-- nl: Eén rij per klasse van dagen, voor accounts met advertenties en chats met advertenties: hoeveel er zo
--     lang actief waren, van de dag van het eerste advertentiebericht tot die van het laatste (beide
--     meegeteld, Nederlandse tijd), en hoeveel advertentieberichten dat zijn.
-- adds up
with spans as (
    select 'account' as kind, account_key as key,
        date_diff('day', min(first_time), max(last_time)) + 1 as days, sum(messages)::bigint as messages
    from core.postings where account_key is not null and first_time is not null group by all
    union all
    select 'chat', chat_key, date_diff('day', min(first_time), max(last_time)) + 1, sum(messages)::bigint
    from core.postings where chat_key is not null and first_time is not null group by all
),
bands(position, band, from_days, to_days) as (
    values (1, '1', 1, 1), (2, '2-7', 2, 7), (3, '8-30', 8, 30), (4, '31-90', 31, 90), (5, '91-180', 91, 180),
        (6, '181-365', 181, 365), (7, '366+', 366, 1000000)
)
select kinds.kind, position, band as days_band, count(key) as members,
    coalesce(sum(messages), 0)::bigint as ad_messages
from (values ('account'), ('chat')) as kinds(kind)
cross join bands
left join spans on spans.kind = kinds.kind and days between from_days and to_days
group by all
order by kinds.kind, position
