-- en: One row per place (town, quarter, region, province or country) that ads name. An ad is counted in each
--     place that it says it serves; so are its accounts and providers, once each. Population is known of
--     towns (GeoNames, of various years; the largest by CBS, 2023) and provinces (CBS, 1 January 2023).
-- nl: Eén rij per plaats (woonplaats, wijk, streek, provincie of land) die advertenties noemen. Een
--     advertentie telt bij elke plaats die zij zegt te bedienen; haar accounts en aanbieders ook, elk één
--     keer. Het inwonertal is bekend van woonplaatsen (GeoNames, uit verschillende jaren; de grootste
--     volgens het CBS, 2023) en provincies (CBS, 1 januari 2023).
select place, kind, municipality, province, country, lat, lon, population, sum(messages)::bigint as messages,
    count(distinct ad_key) as ads, count(distinct account_key) as accounts,
    count(distinct provider) as providers,
    round(100000 * count(distinct ad_key) / population, 3) as ads_per_100000,
    round(100000 * count(distinct provider) / population, 3) as providers_per_100000
from core.posters_of_texts
join core.text_places using (text_key)
left join core.gazetteer on name = place
left join core.population using (place, kind)
group by place, kind, municipality, province, country, lat, lon, population
order by ads desc, place
