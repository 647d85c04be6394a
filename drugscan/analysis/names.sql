-- The names in messages, each once: a pseudonym costs more than a look at this table.
create table core.names as
select value, kind, core.digits(value) as digits
from (
    select value, min(kind) as kind
    from (
        select account as value, 'account' as kind from raw.messages
        union select sender, 'sender' from raw.messages
        union select forwarded_from, 'sender' from raw.messages
        union select chat, 'chat' from raw.messages
        union select chat_id, 'chat' from raw.messages
        union select source, 'source' from raw.messages
    )
    where value is not null
    group by value
);

-- Names and handles that texts may have too.
create view core.known_names as
select kind, value from core.names where kind <> 'source'
union all
select distinct contact.kind, contact.value
from (select unnest(contacts) as contact from raw.texts)
where regexp_full_match(contact.value, '@?\w{4,64}')
order by all;
