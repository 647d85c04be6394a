-- en: One row per month (Dutch time). Messages count when they were posted; an ad counts once in each
--     month in which it was posted, an account once in each month in which it posted an ad. Messages
--     without a date are left out.
-- nl: Eén rij per maand (Nederlandse tijd). Berichten tellen wanneer ze zijn geplaatst; een advertentie
--     telt één keer in elke maand waarin zij is geplaatst, een account één keer in elke maand waarin het
--     een advertentie plaatste. Berichten zonder datum tellen niet mee.
-- adds up
with counted as (
    select date_trunc('month', hour) as period, sum(messages)::bigint as messages
    from core.message_hours
    where hour is not null
    group by all
),
of_ads as (
    select date_trunc('month', time) as period, count(*) as ad_messages, count(distinct ad_key) as ads,
        count(distinct account_key) as ad_accounts
    from core.ad_messages
    where time is not null
    group by all
),
periods as (
    select unnest(generate_series(min(period), max(period), interval 1 month)) as period from counted
)
select period::date as period, coalesce(messages, 0) as messages, coalesce(ad_messages, 0) as ad_messages,
    coalesce(ads, 0) as ads, coalesce(ad_accounts, 0) as ad_accounts
from periods
left join counted using (period)
left join of_ads using (period)
order by period
