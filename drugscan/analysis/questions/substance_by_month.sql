-- en: One row per month (Dutch time) and substance. Messages are counted in the month in which they were
--     posted, an ad once in each month in which it was.
-- nl: Eén rij per maand (Nederlandse tijd) en middel. Berichten tellen in de maand waarin ze zijn
--     geplaatst, een advertentie één keer in elke maand waarin zij is geplaatst.
select month, substance, sum(messages)::bigint as messages, count(distinct ad_key) as ads
from core.postings join core.text_substances using (text_key)
where month is not null
group by all
order by month, substance
