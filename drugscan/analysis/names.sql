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
