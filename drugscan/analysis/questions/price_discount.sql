-- en: One row per substance, unit and band of quantity: the median price of one gram, piece or millilitre,
--     and how much it is below that of the smallest band of that substance. Bands are compared that have at
--     least {least_offers} offers and {least_share} of the substance's in that unit; base providers are
--     those of the smallest. An offer is a price for a quantity of a substance; each ad is counted once a
--     provider: equal lines, copies and variants at the same price are one offer, another price is another.
--     Prices are euro a gram, piece or millilitre, as asked.
-- nl: Eén rij per middel, eenheid en hoeveelheidsklasse: de mediane prijs van één gram, stuk of milliliter,
--     en hoeveel die onder die van de kleinste klasse van dat middel ligt. Vergeleken worden klassen met
--     ten minste {least_offers} keer aanbod en {least_share} van dat van het middel in die eenheid. Een
--     aanbod is een prijs voor een hoeveelheid van een middel; elke advertentie telt één keer per
--     aanbieder: gelijke regels, kopieën en varianten met dezelfde prijs zijn één aanbod, een andere prijs
--     is een ander. Prijzen zijn vraagprijzen in euro per gram, stuk of milliliter.
with medians as (
    select substance, unit, quantity_band, band_position, count(*) as offers,
        count(distinct provider) as providers, quantile_cont(unit_price_micro_eur, 0.5) as median
    from core.price_offers
    group by all
),
marked as (
    select *, core.are_enough(offers, sum(offers) over (partition by substance, unit)) as is_compared
    from medians
),
bases as (
    select substance, unit, arg_min(median, band_position) as base,
        arg_min(providers, band_position) as base_providers
    from marked
    where is_compared
    group by all
)
select substance, label, unit, quantity_band, band_position, offers, providers,
    round(median / 1e6, 4) as median_eur,
    case when is_compared then round(100 * (1 - median / base), 1) end as discount_percent,
    case when is_compared then base_providers end as base_providers
from marked
left join bases using (substance, unit)
left join core.substances using (substance)
order by substance, unit, band_position
