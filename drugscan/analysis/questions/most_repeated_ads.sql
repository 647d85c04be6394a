-- en: One row per ad, those with most messages first. The text shown is one of its texts; texts are its
--     variants. Accounts and chats are those that posted it and where; dates and the number of days with a
--     post in Dutch time.
-- nl: Eén rij per advertentie, die met de meeste berichten eerst. De getoonde tekst is een van haar
--     teksten; teksten zijn haar varianten. Accounts en chats zijn wie haar plaatste en waar; datums en het
--     aantal dagen met een post in Nederlandse tijd.
-- parameter n = 20
with top as (
    select ad_key, sum(messages)::bigint as messages, count(distinct text_key) as texts,
        count(distinct account_key) as accounts, count(distinct provider) as providers,
        count(distinct chat_key) as chats, min(first_time)::date as first_date,
        max(last_time)::date as last_date
    from core.postings join core.ads using (ad_key)
    group by ad_key, ad_id
    order by messages desc, core.pseudonymous_id(ad_id)
    limit $n
),
days as (
    select ad_key, count(distinct time::date) as days
    from core.ad_messages semi join top using (ad_key)
    group by all
)
select core.pseudonymous_id(ad_id) as ad_id, hide_contacts(text) as text, messages, texts, accounts,
    providers, chats, days, first_date, last_date
from top
join days using (ad_key)
join core.ads using (ad_key)
join raw.texts on raw.texts.text_id = ad_id
order by messages desc, 1
