-- en: One row per substance, unit and band of quantity, of ads in bulk (dealer quantities) and the
--     quantities that they name, and whether it is this that makes an ad one in bulk. An ad or account is
--     counted once in each row.
-- nl: Eén rij per middel, eenheid en hoeveelheidsklasse, van advertenties in bulk (dealerhoeveelheden) en
--     de hoeveelheden die zij noemen, en of die zelf bulk zijn. Een advertentie of account telt één keer in
--     elke rij.
select substance, label, unit, quantity_band as band, bulk = 1 as is_bulk_quantity, count(distinct offers.ad_key) as ads,
    count(distinct account_key) as accounts, count(distinct provider) as providers
from core.offers
join core.posters_of_texts using (text_key)
join core.ad_texts using (text_key)
join (select unit, band as quantity_band, bulk from core.quantity_bands) using (unit, quantity_band)
left join core.substances using (substance)
where is_bulk and quantity_band is not null
group by substance, label, unit, quantity_band, band_position, bulk
order by ads desc, substance, unit, band_position
