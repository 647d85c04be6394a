-- en: One row per account of a provider and a reason why it is of that provider: a contact (or its own
--     handle) or an ad that it shares with other accounts. An account without a reason stands alone; a row
--     without an account is a contact in posts that were made without one.
-- nl: Eén rij per account van een aanbieder en een reden waarom het bij die aanbieder hoort: een contact (of
--     de eigen gebruikersnaam) of een advertentie die het deelt met andere accounts. Een account zonder reden
--     staat alleen; een rij zonder account is een contact in berichten die zonder account zijn geplaatst.
with members as (
    select distinct account_key, provider from core.postings where account_key is not null
),
by_contact as (
    select account_key, contact_key
    from core.poster_contacts
    join core.posters using (poster_key)
    semi join core.contact_providers using (contact_key)
    where account_key is not null
),
by_ad as (
    select distinct account_key, ad_key
    from core.postings
    anti join core.common_ads using (ad_key)
    where account_key is not null
),
shared as (
    select account_key, kind as reason, core.pseudonym(kind, value) as shared,
        count(*) over (partition by contact_key) as accounts
    from by_contact join core.contacts using (contact_key)
    union all
    select account_key, 'ad', core.pseudonymous_id(ad_id), count(*) over (partition by ad_key)
    from by_ad join core.ads using (ad_key)
),
anonymous as (
    select provider, kind as reason, core.pseudonym(kind, value) as shared
    from core.contact_providers
    join core.contacts using (contact_key)
    where contact_key not in (select contact_key from by_contact)
)
select provider, core.pseudonym('account', account) as account, reason, shared, coalesce(shared.accounts, 1) as accounts
from members
join core.accounts using (account_key)
left join (from shared where accounts > 1) as shared using (account_key)
union all
select provider, null, reason, shared, 0 from anonymous
order by all
