-- en: One row per substance, unit and band of quantity: the median price of one gram, piece or millilitre,
--     and how much it is below that of the smallest band of that substance. An offer is a price for a
--     quantity of a substance; each ad is counted once a provider: equal lines, copies and variants at the
--     same price are one offer, another price is another. Prices are euro a gram, piece or millilitre, as
--     asked. Outliers are counted among the offers and lie more than three interquartile ranges outside the
--     quartiles (of the logarithm); the mode is the most frequent price, the lowest of several.
-- nl: Eén rij per middel, eenheid en hoeveelheidsklasse: de mediane prijs van één gram, stuk of milliliter,
--     en hoeveel die onder die van de kleinste klasse van dat middel ligt. Een aanbod is een prijs voor een
--     hoeveelheid van een middel; elke advertentie telt één keer per aanbieder: gelijke regels, kopieën en
--     varianten met dezelfde prijs zijn één aanbod, een andere prijs is een ander. Prijzen zijn
--     vraagprijzen in euro per gram, stuk of milliliter. Uitschieters tellen mee in het aanbod en liggen
--     meer dan drie kwartielafstanden buiten de kwartielen (van de logaritme); de modus is de prijs die het
--     vaakst voorkomt, de laagste van meer.
with medians as (
    select substance, unit, quantity_band, band_position, count(*) as offers,
        count(distinct provider) as providers, quantile_cont(unit_price_micro_eur, 0.5) as median
    from core.price_offers
    group by all
),
compared as (
    select *, first_value(median) over (partition by substance, unit order by band_position) as smallest
    from medians
)
select substance, label, unit, quantity_band, band_position, offers, providers,
    round(median / 1e6, 4) as median_eur, round(100 * (1 - median / smallest), 1) as discount_percent
from compared
left join core.substances using (substance)
order by substance, unit, band_position
