-- en: One row per way of delivery or a combination of ways, as one text names them; texts that name none
--     are a row too. An ad or account is counted under each combination that one of its texts has.
-- nl: Eén rij per manier van levering of combinatie van manieren, zoals één tekst die noemt; teksten die er
--     geen noemen zijn ook een rij. Een advertentie of account telt bij elke combinatie die een van haar of
--     zijn teksten heeft.
-- adds up
with modes as (
    select text_key, coalesce(nullif(concat_ws('+',
        case when list_contains(labels, 'bezorging') then 'bezorging' end,
        case when list_contains(labels, 'pickup') then 'pickup' end,
        case when list_contains(labels, 'post') then 'post' end), ''), 'none') as mode
    from core.ad_texts
)
select mode, sum(messages)::bigint as messages, count(distinct ad_key) as ads,
    count(distinct account_key) as accounts
from core.posters_of_texts join modes using (text_key)
group by all
order by messages desc, mode
