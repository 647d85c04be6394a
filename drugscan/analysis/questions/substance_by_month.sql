-- en: One row per month (Dutch time), from the first with ads to the last, and substance. Messages are
--     counted in the month in which they were posted, an ad and an account once in each month in which it
--     was, or posted one.
-- nl: Eén rij per maand (Nederlandse tijd), van de eerste met advertenties tot en met de laatste, en
--     middel. Berichten tellen in de maand waarin ze zijn geplaatst, een advertentie één keer in elke
--     maand waarin zij is geplaatst, een account één keer in elke maand waarin het er een plaatste.
with counted as (
    select month, substance, sum(messages)::bigint as messages, count(distinct ad_key) as ads,
        count(distinct account_key) as accounts
    from core.postings join core.text_substances using (text_key)
    where month is not null
    group by all
),
months as (
    select unnest(generate_series(min(month), max(month), interval 1 month))::date as month
    from core.postings
)
select month, substance, coalesce(messages, 0) as messages, coalesce(ads, 0) as ads,
    coalesce(accounts, 0) as accounts
from months
cross join (select distinct substance from counted)
left join counted using (month, substance)
order by month, substance
