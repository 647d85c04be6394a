-- en: One row per label. A message can have several labels beside that of a drug ad; an ad or account is
--     counted once under each label that one of its texts has. Accounts
--     are counted of ads only. Messages without text are no drug ads, and no texts.
-- nl: Eén rij per label. Een bericht kan naast drugsadvertentie meer labels hebben; een advertentie of
--     account telt één keer bij elk label dat een van haar of zijn teksten heeft. Accounts worden alleen van
--     advertenties geteld. Berichten zonder tekst zijn geen drugsadvertenties, en geen teksten.
with of_ads as (
    select label, sum(messages)::bigint as messages, count(distinct text_key) as texts,
        count(distinct ad_key) as ads, count(distinct account_key) as accounts
    from core.posters_of_texts join core.text_labels using (text_key)
    group by all
),
no_ads as (
    select 'geendrugsad' as label,
        (select count(*) from raw.messages)
            - (select coalesce(sum(messages), 0) from core.posters_of_texts)::bigint as messages,
        (select count(*) from raw.texts where core.has_text(text_id))
            - (select count(*) from core.ad_texts) as texts
)
select label, coalesce(of_ads.messages, no_ads.messages, 0) as messages,
    coalesce(of_ads.texts, no_ads.texts, 0) as texts, coalesce(ads, 0) as ads,
    case when no_ads.label is null then coalesce(accounts, 0) end as accounts
from core.labels
left join of_ads using (label)
left join no_ads using (label)
order by position
