-- en: One row per tie of the seller network: an account and a contact or an ad that it posted; of posts made without an
--     account, an ad and a contact in it. Messages say how often.
-- nl: Eén rij per verband in het netwerk van verkopers: een account en een contact of advertentie die het plaatste; van
--     berichten zonder account een advertentie en een contact erin. Berichten zeggen hoe vaak.
with posted as (
    select account_key, text_key, ad_key, sum(messages)::bigint as messages from core.postings group by all
),
nodes as (
    select account_key, core.pseudonym('account', account) as account from core.accounts
),
contacts as (
    select contact_key, kind, core.pseudonym(kind, value) as contact from core.contacts
),
ads as (
    select ad_key, core.pseudonymous_id(ad_id) as ad from core.ads
)
select 'account' as source_kind, account as source, 'ad' as target_kind, ad as target,
    sum(messages)::bigint as messages
from posted join nodes using (account_key) join ads using (ad_key)
group by all
union all
select 'account', account, kind, contact, sum(messages)::bigint
from posted
join nodes using (account_key)
join (select distinct text_key, contact_key from core.text_contacts) using (text_key)
join contacts using (contact_key)
group by account, kind, contact
union all
select 'ad', ad, kind, contact, sum(messages)::bigint
from posted
join ads using (ad_key)
join (select distinct text_key, contact_key from core.text_contacts) using (text_key)
join contacts using (contact_key)
where account_key is null
group by ad, kind, contact
order by all
