-- en: One row per ad: texts that differ in little. The text shown is one of them; labels, substances and places are
--     those of any of them. Dates are Dutch time.
-- nl: Eén rij per advertentie: teksten die weinig verschillen. De getoonde tekst is een daarvan; labels, middelen en
--     plaatsen zijn die van alle samen. Datums zijn Nederlandse tijd.
with counted as (
    select ad_key, sum(messages)::bigint as messages, count(distinct text_key) as texts,
        count(distinct account_key) as accounts, count(distinct provider) as providers,
        count(distinct chat_key) as chats, min(first_time)::date as first_date, max(last_time)::date as last_date
    from core.postings
    group by ad_key
),
gathered as (
    select ad_key, list_sort(list_distinct(flatten(list(labels)))) as labels,
        list_sort(list_distinct(flatten(list(substances)))) as substances,
        list_sort(list_distinct(flatten(list(places)))) as places
    from core.ad_texts
    group by ad_key
)
select core.pseudonymous_id(ad_id) as ad_id, hide_contacts(text) as text, messages, counted.texts, accounts,
    providers, chats, first_date, last_date, gathered.labels, gathered.substances, gathered.places
from counted
join gathered using (ad_key)
join core.ads using (ad_key)
join raw.texts on texts.text_id = ad_id
order by 1
