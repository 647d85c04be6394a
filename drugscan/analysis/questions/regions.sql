-- en: One row per region (Randstad, Twente, Zeeuws-Vlaanderen) that ads name as such; towns within it are not
--     added. An ad is counted in each place that it says it serves; so are its accounts and providers, once
--     each.
-- nl: Eén rij per streek (Randstad, Twente, Zeeuws-Vlaanderen) die advertenties zo noemen; woonplaatsen erin
--     tellen niet mee. Een advertentie telt bij elke plaats die zij zegt te bedienen; haar accounts en
--     aanbieders ook, elk één keer.
select place as region, province, country, lat, lon, sum(messages)::bigint as messages,
    count(distinct ad_key) as ads, count(distinct account_key) as accounts,
    count(distinct provider) as providers
from core.posters_of_texts
join core.text_places using (text_key)
join core.gazetteer on name = place
where kind = 'regio'
group by all
order by ads desc, region
