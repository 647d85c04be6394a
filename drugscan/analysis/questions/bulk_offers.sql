-- en: One row per substance, unit and band of quantity, of ads in bulk (dealer quantities) and the quantities
--     that they name. An ad or account is counted once in each row.
-- nl: Eén rij per middel, eenheid en hoeveelheidsklasse, van advertenties in bulk (dealerhoeveelheden) en
--     de hoeveelheden die zij noemen. Een advertentie of account telt één keer in elke rij.
select substance, label, unit, quantity_band as band, count(distinct offers.ad_key) as ads,
    count(distinct account_key) as accounts, count(distinct provider) as providers
from core.offers
join core.posters_of_texts using (text_key)
join core.ad_texts using (text_key)
left join core.substances using (substance)
where is_bulk and quantity_band is not null
group by substance, label, unit, quantity_band, band_position
order by ads desc, substance, unit, band_position
