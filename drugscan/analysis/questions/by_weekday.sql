-- en: One row per day of the week, 1 is Monday (Dutch time). Messages count when they were posted; an ad
--     counts once in each day of the week on which it was posted, an account once in each day of the week
--     on which it posted an ad. Messages without a date are left out.
-- nl: Eén rij per dag van de week, 1 is maandag (Nederlandse tijd). Berichten tellen wanneer ze zijn
--     geplaatst; een advertentie telt één keer in elke weekdag waarop zij is geplaatst, een account één
--     keer in elke weekdag waarop het een advertentie plaatste. Berichten zonder datum tellen niet mee.
-- adds up
with counted as (
    select isodow(hour) as period, sum(messages)::bigint as messages
    from core.message_hours
    where hour is not null
    group by all
),
of_ads as (
    select isodow(time) as period, count(*) as ad_messages, count(distinct ad_key) as ads,
        count(distinct account_key) as ad_accounts
    from core.ad_messages
    where time is not null
    group by all
),
periods as (
    select unnest(generate_series(1, 7)) as period
)
select period::integer as period, coalesce(messages, 0) as messages, coalesce(ad_messages, 0) as ad_messages,
    coalesce(ads, 0) as ads, coalesce(ad_accounts, 0) as ad_accounts
from periods
left join counted using (period)
left join of_ads using (period)
order by period
