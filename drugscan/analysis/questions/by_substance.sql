-- en: One row per substance. An ad that offers several substances is counted under each of them; so are its
--     accounts and providers, once each.
-- nl: Eén rij per middel. Een advertentie die meer middelen aanbiedt telt bij elk daarvan; haar accounts en
--     aanbieders ook, elk één keer.
select substance, label, sum(messages)::bigint as messages, count(distinct ad_key) as ads,
    count(distinct account_key) as accounts, count(distinct provider) as providers
from core.posters_of_texts
join core.text_substances using (text_key)
left join core.substances using (substance)
group by all
order by messages desc, substance
