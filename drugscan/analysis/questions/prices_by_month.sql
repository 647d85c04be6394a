-- en: One row per month (Dutch time), substance, unit and band of quantity. An offer is a price for a
--     quantity of a substance; each ad is counted once a provider and month in which it was posted: equal
--     lines, copies and variants at the same price are one offer, another price is another. Prices are euro
--     a gram, piece or millilitre, as asked. Outliers are counted among the offers and lie more than
--     {fence} interquartile ranges outside the quartiles (of the logarithm; quartiles that differ by less
--     than a factor {least_spread} count as that far apart); the mode is the most frequent price, the
--     lowest of several.
-- nl: Eén rij per maand (Nederlandse tijd), middel, eenheid en hoeveelheidsklasse. Een aanbod is een prijs
--     voor een hoeveelheid van een middel; elke advertentie telt één keer per aanbieder en maand waarin zij
--     is geplaatst: gelijke regels, kopieën en varianten met dezelfde prijs zijn één aanbod, een andere
--     prijs is een ander. Prijzen zijn vraagprijzen in euro per gram, stuk of milliliter. Uitschieters
--     tellen mee in het aanbod en liggen meer dan {fence} kwartielafstanden buiten de kwartielen (van de
--     logaritme; kwartielen die minder dan een factor {least_spread} verschillen gelden als zo ver uiteen);
--     de modus is de prijs die het vaakst voorkomt, de laagste van meer.
with marked as (
    select *, ln(unit_price_micro_eur) as log_price,
        count(*) over cell as n, quantile_cont(ln(unit_price_micro_eur), 0.25) over cell as log_q1,
        quantile_cont(ln(unit_price_micro_eur), 0.75) over cell as log_q3
    from core.price_offers_by_month
    window cell as (partition by month, substance, unit, band_position)
),
modes as (
    select month, substance, unit, band_position,
        -max({'offers': offers, 'price': -unit_price_micro_eur}).price as mode_micro_eur
    from (
        select month, substance, unit, band_position, unit_price_micro_eur, count(*) as offers
        from core.price_offers_by_month group by all
    )
    group by all
)
select month, substance, label, unit, quantity_band, band_position, count(*) as offers,
    count(distinct ad_key) as ads, count(distinct provider) as providers,
    min(unit_price_micro_eur) / 1e6 as min_eur,
    round(quantile_cont(unit_price_micro_eur, 0.25) / 1e6, 4) as q1_eur,
    round(quantile_cont(unit_price_micro_eur, 0.5) / 1e6, 4) as median_eur,
    round(quantile_cont(unit_price_micro_eur, 0.75) / 1e6, 4) as q3_eur,
    max(unit_price_micro_eur) / 1e6 as max_eur,
    round(sum(unit_price_micro_eur) / count(*) / 1e6, 4) as mean_eur,
    mode_micro_eur / 1e6 as mode_eur,
    count(*) filter (core.is_outlier(log_price, log_q1, log_q3, n)) as outliers
from marked
join modes using (month, substance, unit, band_position)
left join core.substances using (substance)
group by month, substance, label, unit, quantity_band, band_position, mode_micro_eur
order by month, substance, unit, band_position
