-- en: One row for accounts and one for chats with ads: how many days they were active, from the day of the
--     first ad message to that of the last, both counted (Dutch time).
-- nl: Eén rij voor accounts en één voor chats met advertenties: hoeveel dagen zij actief waren, van de dag
--     van het eerste advertentiebericht tot die van het laatste, beide meegeteld (Nederlandse tijd).
with spans as (
    select 'account' as kind, account_key as key,
        date_diff('day', min(first_time), max(last_time)) + 1 as days
    from core.postings where account_key is not null and first_time is not null group by all
    union all
    select 'chat', chat_key, date_diff('day', min(first_time), max(last_time)) + 1
    from core.postings where chat_key is not null and first_time is not null group by all
)
select kind, count(*) as members, quantile_disc(days, 0.25) as q1_days,
    quantile_disc(days, 0.5) as median_days, quantile_disc(days, 0.75) as q3_days, max(days) as max_days
from spans
group by all
order by kind
