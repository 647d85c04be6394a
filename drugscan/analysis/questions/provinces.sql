-- en: One row per Dutch province. An ad is counted in each province of which it names the province, a region,
--     a town or a quarter; so are its accounts and providers, once each. Population: CBS, 1 January 2023.
-- nl: Eén rij per Nederlandse provincie. Een advertentie telt in elke provincie waarvan zij de provincie,
--     een streek, een woonplaats of een wijk noemt; haar accounts en aanbieders ook, elk één keer.
--     Inwonertal: CBS, 1 januari 2023.
with named as (
    select distinct text_key, province
    from core.text_places join core.gazetteer on name = place
    where country = 'NL' and province is not null
),
counted as (
    select province, sum(messages)::bigint as messages, count(distinct ad_key) as ads,
        count(distinct account_key) as accounts, count(distinct provider) as providers
    from core.posters_of_texts join named using (text_key)
    group by all
)
select place as province, population, coalesce(messages, 0) as messages, coalesce(ads, 0) as ads,
    coalesce(accounts, 0) as accounts, coalesce(providers, 0) as providers,
    round(100000 * coalesce(ads, 0) / population, 3) as ads_per_100000,
    round(100000 * coalesce(providers, 0) / population, 3) as providers_per_100000
from core.population
left join counted on province = place
where kind = 'provincie'
order by ads desc, province
