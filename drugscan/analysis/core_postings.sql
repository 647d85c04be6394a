-- What is made once the providers are known.

-- One row a text, poster, chat and month: how often it was posted. Account is null for anonymous posts,
-- provider for those whose text names no contact.
create table core.postings as
with counted as (
    select text_key, ad_key, account_key, chat_key, date_trunc('month', time)::date as month,
        count(*) as messages, min(time) as first_time, max(time) as last_time
    from core.ad_messages
    group by all
),
anonymous as (
    select text_key, poster_key from core.posters where text_key is not null
)
select text_key, ad_key, account_key, provider, chat_key, month, messages, first_time, last_time
from counted
left join anonymous using (text_key)
left join core.poster_providers on poster_providers.poster_key = coalesce(account_key, anonymous.poster_key);

-- The same by text and poster alone, for what asks neither where nor when.
create table core.posters_of_texts as
select text_key, ad_key, account_key, provider, sum(messages)::bigint as messages
from core.postings
group by all;

create table core.text_labels as
select text_key, unnest(labels) as label from core.ad_texts;

create table core.text_substances as
select text_key, unnest(substances) as substance from core.ad_texts;

create table core.text_places as
select text_key, unnest(places) as place from core.ad_texts;

create table core.offers as
with listed as (
    select text_key, ad_key, unnest(offers) as offer, generate_subscripts(offers, 1) - 1 as position
    from core.ad_texts
),
priced as (
    select text_key, ad_key, position, offer.substance, offer.unit, offer.quantity_thousandths,
        offer.quantity_max_thousandths, offer.price_cents,
        -- Of a range with one price nobody can tell which quantity it buys.
        coalesce(
            offer.unit_price_micro_eur,
            case when offer.quantity_max_thousandths is null and offer.quantity_thousandths > 0 then
                try_cast(offer.price_cents::hugeint * 10000000 // offer.quantity_thousandths as bigint) end
        ) as unit_price_micro_eur
    from listed
)
select priced.*, band as quantity_band, quantity_bands.position as band_position
from priced
left join core.quantity_bands
    on quantity_bands.unit = priced.unit
    and quantity_thousandths >= from_thousandths
    and (below_thousandths is null or quantity_thousandths < below_thousandths);

-- The offers that count as prices: each ad once a provider and month, whatever its copies and variants.
create table core.price_offers_by_month as
select distinct month, provider, ad_key, substance, unit, quantity_band, band_position, quantity_thousandths,
    price_cents, unit_price_micro_eur
from core.offers
join (select distinct text_key, provider, month from core.postings) using (text_key)
where substance is not null and quantity_band is not null and unit_price_micro_eur > 0;

create table core.price_offers as
select distinct * exclude (month) from core.price_offers_by_month;

-- Whether offers of a quantity are enough for its price to be compared, of so many of the substance.
create macro core.are_enough(offers, of_substance) as
    offers >= greatest({least_offers}, {least_share} * of_substance);

-- Tukey's "far out": further than so many interquartile ranges from the quartiles, all of them logarithms.
create macro core.is_outlier(value, q1, q3, n) as
    n >= {min_offers} and greatest(q1 - value, value - q3) > {fence} * greatest(q3 - q1, ln({least_spread}));
