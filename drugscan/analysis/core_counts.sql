-- The tables that the questions ask. What repeats is a whole number here: a text, an account, a chat.
-- raw.messages, raw.texts and raw.ads are the results folder; core is what is made of them, once.

create macro core.has_text(id) as id <> '{empty_text_id}';

-- Whether a post can be of a moment; if not, its date is none.
create macro core.is_possible(moment) as
    moment >= timestamptz '{earliest}' and moment < timestamptz '{latest}';

create macro core.local_time(moment) as
    case when core.is_possible(moment) then timezone('{timezone}', moment) end;

-- Where a message stands in the input, as a number that can be compared. Accounts are numbered by their first
-- message: a number by alphabet would tell of a pseudonym where the name stands in it.
create table core.sources as
select source, row_number() over (order by source) - 1 as source_key
from (select distinct source from raw.messages);

create table core.accounts as
select row_number() over (order by min(source_key << 40 | record))::integer as account_key, account,
    count(*) as messages
from raw.messages join core.sources using (source)
where account is not null
group by account;

-- A chat is known by its id, else by its name.
create table core.chats as
select row_number() over (order by id)::integer as chat_key, id, name,
    count(*) over (partition by name) > 1 as has_namesake
from (
    select coalesce(chat_id, chat) as id, coalesce(min(chat), coalesce(chat_id, chat)) as name
    from raw.messages
    where coalesce(chat_id, chat) is not null
    group by coalesce(chat_id, chat)
);

-- All messages by chat and hour.
create table core.message_hours as
select chat_key, core.local_time(hour) as hour, not core.is_possible(hour) as has_wrong_date, has_text,
    messages
from (
    select coalesce(chat_id, chat) as id, date_trunc('hour', date) as hour,
        core.has_text(text_id) as has_text, count(*) as messages
    from raw.messages
    group by all
)
left join core.chats using (id);

create table core.ad_texts as
select row_number() over (order by text_id)::integer as text_key, text_id, ad_id,
    dense_rank() over (order by ad_id)::integer as ad_key, length(text) as characters, labels,
    models_agree, list_contains(labels, 'bulk') as is_bulk, substances, places, offers, contacts
from raw.ads
join raw.texts using (text_id);

create table core.ads as
select ad_key, ad_id, max({{'characters': characters, 'key': text_key}}).key as longest_text_key
from core.ad_texts
group by all;

create table core.ad_messages as
select text_key, ad_key, account_key, chat_key, core.local_time(date) as time,
    source_key << 40 | record as place
from raw.messages
join core.sources using (source)
join (select text_id, text_key, ad_key from core.ad_texts) using (text_id)
left join core.accounts using (account)
left join core.chats on id = coalesce(chat_id, chat);

-- A poster is an account, or a text that was posted without one, which stands for itself.
create table core.posters as
select account_key as poster_key, account_key, null::integer as text_key from core.accounts
union all
select (select count(*) from core.accounts) + row_number() over (order by min(place)), null, text_key
from core.ad_messages
where account_key is null
group by text_key;

create table core.poster_texts as
select coalesce(account_key, poster_key)::integer as poster_key, text_key, ad_key, messages
from (select text_key, ad_key, account_key, count(*) as messages from core.ad_messages group by all)
left join (select poster_key, text_key from core.posters where text_key is not null) using (text_key);

-- Whether a link leads to a site that many people link to, and to nobody there.
create macro core.leads_to_a_site(link) as exists (
    from core.shared_sites
    where concat('.', regexp_extract(link, '^[^/?#]+')) like concat('%.', site)
        and not (has_people and regexp_matches(link, '/[^/?#]'))
);

-- One row a contact, whatever the app: a phone number on WhatsApp is that phone number. What leads to nobody is
-- none: a number with digits blanked out (06 xx xx xx xx), the parcel service's site.
create table core.text_contacts as
with listed as (
    select distinct text_key, contact.kind, contact.value
    from (select text_key, unnest(contacts) as contact from core.ad_texts)
    where not (contact.kind in ('phone', 'whatsapp') and contains(contact.value, 'x'))
),
sites as (
    select value from (select distinct value from listed where kind = 'link') where core.leads_to_a_site(value)
)
select text_key, dense_rank() over (order by value)::integer as contact_key, kind, value
from listed
where not (kind = 'link' and value in (from sites));

create table core.contacts as
select contact_key, value, min(kind) as kind from core.text_contacts group by all;

-- The name in Telegram that is written @name, or as a link to it.
create macro core.handle(name) as regexp_extract(
    lower(name), '^(?:(?:https?://)?(?:www\.)?(?:t|telegram)\.(?:me|dog)/(?:s/)?|@)?([^/?]+)', 1
);

-- Who posted a contact, or is called so: an account known by a handle, not by an id (user123) or a person's name.
create table core.poster_contacts as
select poster_key, contact_key from core.poster_texts join core.text_contacts using (text_key)
union
select poster_key, contact_key
from core.accounts
join core.posters using (account_key)
join core.contacts on core.handle(value) = account
semi join core.poster_texts using (poster_key)
where kind = 'telegram' and regexp_full_match(account, '[a-z]\w{{3,31}}')
    and not regexp_full_match(account, '(user|channel|chat)\d+');

-- The handles of chats in which several accounts post ads.
create table core.chat_contacts as
select distinct contact_key
from core.contacts
join (
    select core.handle(unnest([id, name])) as handle
    from core.chats
    join (
        select chat_key from core.ad_messages group by chat_key having count(distinct account_key) > 1
    ) using (chat_key)
) on handle = core.handle(value);
