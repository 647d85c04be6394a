-- en: One row per offer behind the prices, with its ad. An offer is a price for a quantity of a substance;
--     each ad is counted once a provider: equal lines, copies and variants at the same price are one offer,
--     another price is another. Prices are euro a gram, piece or millilitre, as asked. Outliers are counted
--     among the offers and lie more than {fence} interquartile ranges outside the quartiles (of the
--     logarithm; quartiles that differ by less than a factor {least_spread} count as that far apart); the
--     mode is the most frequent price, the lowest of several.
-- nl: Eén rij per aanbod achter de prijzen, met zijn advertentie. Een aanbod is een prijs voor een
--     hoeveelheid van een middel; elke advertentie telt één keer per aanbieder: gelijke regels, kopieën en
--     varianten met dezelfde prijs zijn één aanbod, een andere prijs is een ander. Prijzen zijn
--     vraagprijzen in euro per gram, stuk of milliliter. Uitschieters tellen mee in het aanbod en liggen
--     meer dan {fence} kwartielafstanden buiten de kwartielen (van de logaritme; kwartielen die minder dan
--     een factor {least_spread} verschillen gelden als zo ver uiteen); de modus is de prijs die het vaakst
--     voorkomt, de laagste van meer.
with marked as (
    select *, count(*) over cell as n, quantile_cont(ln(unit_price_micro_eur), 0.25) over cell as log_q1,
        quantile_cont(ln(unit_price_micro_eur), 0.75) over cell as log_q3
    from core.price_offers
    window cell as (partition by substance, unit, band_position)
)
select substance, unit, quantity_band, provider, core.pseudonymous_id(ad_id) as ad_id,
    quantity_thousandths / 1000 as quantity, price_cents / 100 as price_eur,
    unit_price_micro_eur / 1e6 as unit_price_eur,
    core.is_outlier(ln(unit_price_micro_eur), log_q1, log_q3, n) as is_outlier
from marked
join core.ads using (ad_key)
order by substance, unit, band_position, unit_price_micro_eur, provider, 5, quantity_thousandths,
    price_cents
