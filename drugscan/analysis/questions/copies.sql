-- en: One row per band of copies: how many ads were posted so many times, in any of their texts, and how many
--     messages these are together.
-- nl: Eén rij per klasse van herhaling: hoeveel advertenties zo vaak zijn geplaatst, in welke van hun
--     teksten ook, en hoeveel berichten dat samen zijn.
with counted as (
    select ad_key, sum(messages)::bigint as copies from core.postings group by all
),
banded as (
    select copies, case when copies = 1 then 1 else 1 + length(copies::varchar) end as position from counted
)
select position, case position when 1 then '1' when 2 then '2-9'
        else (10 ** (position - 2))::bigint || '-' || ((10 ** (position - 1))::bigint - 1) end as copies_band,
    count(*) as ads, sum(copies)::bigint as messages
from banded
group by all
order by position
