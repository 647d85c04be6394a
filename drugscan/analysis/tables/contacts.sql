-- en: One row per contact in an ad: a phone number, handle, link or app id. Without a provider it is common:
--     many accounts or channels use it that share nothing else, or it is the handle of a chat in which
--     several accounts post ads.
-- nl: Eén rij per contact in een advertentie: een telefoonnummer, gebruikersnaam, link of app-id. Zonder
--     aanbieder is het algemeen: veel accounts of kanalen gebruiken het die verder niets delen, of het is de
--     gebruikersnaam van een chat waarin meer accounts adverteren.
select kind, core.pseudonym(kind, value) as contact, provider, messages, texts, ads, accounts
from (
    select contact_key, sum(messages)::bigint as messages, count(distinct text_key) as texts,
        count(distinct ad_key) as ads, count(distinct account_key) as accounts
    from core.postings
    join (select distinct text_key, contact_key from core.text_contacts) using (text_key)
    group by contact_key
)
join core.contacts using (contact_key)
left join core.contact_providers using (contact_key)
order by 1, 2
