-- en: One row per band of copies: how many ads were posted so many times, in any of their texts, how many
--     messages these are together, and how many accounts posted them.
-- nl: Eén rij per klasse van herhaling: hoeveel advertenties zo vaak zijn geplaatst, in welke van hun
--     teksten ook, hoeveel berichten dat samen zijn, en hoeveel accounts ze plaatsten.
-- adds up
with counted as (
    select ad_key, sum(messages)::bigint as copies from core.postings group by all
),
banded as (
    select ad_key, copies, case when copies = 1 then 1 else 1 + length(copies::varchar) end as position
    from counted
),
posted as (
    select position, count(distinct account_key) as accounts
    from core.posters_of_texts join banded using (ad_key)
    group by all
)
select position, case position when 1 then '1' when 2 then '2-9'
        else (10 ** (position - 2))::bigint || '-' || ((10 ** (position - 1))::bigint - 1) end as copies_band,
    count(*) as ads, sum(copies)::bigint as messages, accounts
from banded join posted using (position)
group by all
order by position
