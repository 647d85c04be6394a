-- en: One row per substance. The months of the period are cut into an early and a late half (the middle
--     month of an odd number is in neither); an ad counts once in each half in which it was posted.
--     Accounts are those of all months, early and late accounts those of a half. Per thousand: of the ads
--     of that half. A substance is new without ads in the early half, vanished without ads in the late
--     half.
-- nl: Eén rij per middel. De maanden van de periode zijn verdeeld in een vroege en een late helft (de
--     middelste maand van een oneven aantal hoort bij geen van beide); een advertentie telt één keer in
--     elke helft waarin zij is geplaatst. Accounts zijn die van alle maanden, vroege en late accounts die
--     van een helft. Per duizend: van de advertenties van die helft. Een middel is nieuw zonder
--     advertenties in de vroege helft, verdwenen zonder advertenties in de late.
with dated as (
    select distinct month, text_key, ad_key, account_key from core.postings where month is not null
),
period as (
    select min(month) as first_month, date_diff('month', min(month), max(month)) + 1 as n_months from dated
),
placed as (
    select month, text_key, ad_key, account_key, case
            when date_diff('month', first_month, month) < n_months // 2 then 'early'
            when date_diff('month', first_month, month) >= n_months - n_months // 2 then 'late'
        end as half
    from dated, period
),
totals as (
    select count(distinct ad_key) filter (half = 'early') as early_total,
        count(distinct ad_key) filter (half = 'late') as late_total
    from placed
),
counted as (
    select substance, min(month) as first_month, max(month) as last_month, count(distinct ad_key) as ads,
        count(distinct account_key) as accounts,
        count(distinct ad_key) filter (half = 'early') as early_ads,
        count(distinct ad_key) filter (half = 'late') as late_ads,
        count(distinct account_key) filter (half = 'early') as early_accounts,
        count(distinct account_key) filter (half = 'late') as late_accounts
    from placed join core.text_substances using (text_key)
    group by all
)
select substance, label, first_month, last_month, ads, accounts, early_ads, late_ads, early_accounts,
    late_accounts,
    round(1000 * early_ads / nullif(early_total, 0), 1) as early_per_1000,
    round(1000 * late_ads / nullif(late_total, 0), 1) as late_per_1000,
    round(100 * (late_ads * early_total / nullif(late_total * early_ads, 0) - 1), 1) as growth_percent,
    case when early_total > 0 and late_total > 0 then
        case when early_ads = 0 and late_ads > 0 then 'new'
            when late_ads = 0 and early_ads > 0 then 'vanished' end
    end as change
from counted
left join core.substances using (substance), totals
order by ads desc, substance
