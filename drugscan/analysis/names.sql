-- The names in messages, each once: a pseudonym costs more than a look at this table.
create table core.names as
select value, core.digits(value) as digits
from (
    select account as value from raw.messages
    union select sender from raw.messages
    union select forwarded_from from raw.messages
    union select chat from raw.messages
    union select chat_id from raw.messages
    union select source from raw.messages
)
where value is not null;

-- Names and handles that can be told from ordinary words, and so be hidden wherever a text has them.
create table core.known_names as
select distinct lower(ltrim(value, '@')) as name
from (
    select value from core.names
    union all
    select unnest(contacts).value from raw.texts where len(contacts) > 0
)
where regexp_full_match(value, '@?\w{4,64}') and regexp_matches(value, '[_\d]') and regexp_matches(value, '[a-zA-Z]');
