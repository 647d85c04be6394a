-- What all messages of a results folder come to, in one row.
with marked as (  -- the few texts that are not ordinary, so that the join stays small
    select text_id, labels[1] = 'drugsad' as is_ad, list_contains(labels, 'bulk') as in_bulk, models_agree
    from texts
    where labels[1] = 'drugsad' or list_contains(labels, 'bulk') or not models_agree
)
select
    count(*) filter (is_ad) as ad_messages,
    count(*) filter (in_bulk) as bulk_messages,
    count(*) filter (coalesce(models_agree, true)) as models_agree,
    count(distinct account) as accounts,
    count(distinct account) filter (is_ad) as ad_accounts,
    count(distinct coalesce(chat_id, chat)) as chats,
    epoch(min(date) filter (is_possible)) as first_date,
    epoch(max(date) filter (is_possible)) as last_date,
    count(*) filter (date is null) as without_date,
    count(*) filter (not is_possible) as wrong_dates
from (
    select *, date >= $earliest::timestamptz
        and date < $latest::timestamptz as is_possible
    from messages
)
left join marked using (text_id)
