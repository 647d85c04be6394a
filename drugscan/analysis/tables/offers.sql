-- en: One row per offer of a text: a quantity, a price or both. Quantities are in the unit (g, ml or pcs), the unit
--     price is euro for one of it.
-- nl: Eén rij per aanbod in een tekst: een hoeveelheid, een prijs of beide. Hoeveelheden zijn in de eenheid (g, ml of
--     pcs, stuks), de eenheidsprijs is in euro voor één daarvan.
select core.pseudonymous_id(text_id) as text_id, core.pseudonymous_id(ad_id) as ad_id, position, substance, unit,
    quantity_thousandths / 1000 as quantity, quantity_max_thousandths / 1000 as quantity_max,
    price_cents / 100 as price_eur, unit_price_micro_eur / 1000000 as unit_price_eur, quantity_band
from core.offers
join (select text_key, text_id, ad_id from core.ad_texts) using (text_key)
order by 1, position
