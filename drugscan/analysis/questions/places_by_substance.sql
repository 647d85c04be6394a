-- en: One row per place and substance. An ad is counted in each place that it says it serves, under each
--     substance that it offers; so are its accounts and providers, once each.
-- nl: Eén rij per plaats en middel. Een advertentie telt bij elke plaats die zij zegt te bedienen, onder elk
--     middel dat zij aanbiedt; haar accounts en aanbieders ook, elk één keer.
select place, substance, sum(messages)::bigint as messages, count(distinct ad_key) as ads,
    count(distinct account_key) as accounts, count(distinct provider) as providers
from core.posters_of_texts
join core.text_places using (text_key)
join core.text_substances using (text_key)
group by all
order by ads desc, place, substance
