-- en: One row per provider: accounts that posted the same phone number, handle or link (or are called so),
--     or the same ad text, also by way of others. What many unconnected accounts use ties nobody; nor does
--     the handle of a chat in which several accounts post ads, an ad of fewer than {ad_characters}
--     characters without contacts and emoji, or one whose posters all have contacts and share none. Days
--     are those with an ad message (Dutch time). Range: one kind of drug, several, or full range (five
--     substances or more of two kinds or more). Quantities: bulk, user or both.
-- nl: Eén rij per aanbieder: accounts die hetzelfde telefoonnummer, dezelfde gebruikersnaam of link (of die
--     zo heten) of dezelfde advertentietekst plaatsten, ook via anderen. Wat veel accounts gebruiken die
--     verder niets delen bindt niet; de gebruikersnaam van een chat waarin meer accounts adverteren ook
--     niet, noch een advertentie van minder dan {ad_characters} tekens zonder contacten en emoji, of een
--     waarvan alle plaatsers contacten hebben en er geen delen. Dagen zijn die met een advertentiebericht
--     (Nederlandse tijd). Assortiment: één soort drugs, meer soorten, of een vol assortiment (minstens vijf
--     middelen van minstens twee soorten). Hoeveelheden: bulk, gebruikershoeveelheden of beide.
with counted as (
    select provider, count(distinct account_key) as accounts, sum(messages)::bigint as messages,
        count(distinct ad_key) as ads, count(distinct chat_key) as chats,
        min(first_time)::date as first_date, max(last_time)::date as last_date,
        bool_or(is_bulk) as any_bulk, bool_and(is_bulk) as all_bulk
    from core.postings join (select text_key, is_bulk from core.ad_texts) using (text_key)
    where provider is not null
    group by all
),
contacts as (
    select provider, count(*) as contacts from core.contact_providers group by all
),
days as (
    select provider, count(distinct time::date) as days_active
    from core.ad_messages
    join (
        select distinct text_key, account_key, provider from core.postings where provider is not null
    ) as known
        on known.text_key = ad_messages.text_key
        and known.account_key is not distinct from ad_messages.account_key
    group by all
),
texts as (
    select distinct provider, text_key from core.postings where provider is not null
),
substances as (
    select provider, list_sort(list(distinct substance)) as substances, count(distinct label) as kinds
    from texts join core.text_substances using (text_key) left join core.substances using (substance)
    group by all
),
places as (
    select provider, list_sort(list(distinct place)) as places
    from texts join core.text_places using (text_key) group by all
),
modes as (
    select provider, list_sort(list(distinct label)) as delivery
    from texts join core.text_labels using (text_key)
    where label in ('bezorging', 'pickup', 'post') group by all
)
select provider, accounts, coalesce(contacts, 0) as contacts, messages, ads, chats, first_date, last_date,
    coalesce(days_active, 0) as days_active, coalesce(substances, []) as substances,
    case when kinds >= 2 and len(substances) >= 5 then 'full range' when kinds >= 2 then 'several'
        when kinds = 1 then 'one kind' end as range,
    case when all_bulk then 'bulk' when any_bulk then 'both' else 'user' end as quantities,
    coalesce(places, []) as places, coalesce(delivery, []) as delivery
from counted
left join contacts using (provider)
left join days using (provider)
left join substances using (provider)
left join places using (provider)
left join modes using (provider)
order by provider
