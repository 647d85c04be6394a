-- en: One row for everything. A message is a post, a text what it says: equal posts are one text (an empty
--     one is none). An ad is a group of texts that differ in little (another contact; in longer texts
--     another price or date too); it is counted once, however often it is posted. An account is a sender
--     with a name or id; a contact a phone number, handle, link or app id in an ad; a provider accounts
--     that share a contact or an ad text. Anonymous messages have no account, contactless ones no contact,
--     unattributed ones no provider. Dates are Dutch time; a date before Telegram began (14 August 2013) or
--     after 2039 is wrong, and its message one without a date. An overlapping message has its chat, id,
--     date and text in another file too.
-- nl: Eén rij voor alles. Een bericht is een post, een tekst wat erin staat: gelijke posts zijn één tekst
--     (een lege is er geen). Een advertentie is een groep teksten die weinig verschillen (een ander
--     contact; in langere teksten ook een andere prijs of datum); zij telt één keer, hoe vaak ze ook is
--     geplaatst. Een account is een afzender met naam of id; een contact een telefoonnummer,
--     gebruikersnaam, link of app-id in een advertentie; een aanbieder accounts die een contact of een
--     advertentietekst delen. Anonieme berichten hebben geen account, contactloze geen contact, niet
--     toegeschreven berichten geen aanbieder. Datums zijn Nederlandse tijd; een datum van voor Telegram
--     begon (14 augustus 2013) of van na 2039 is fout, en zijn bericht er een zonder datum. Een overlappend
--     bericht staat met dezelfde chat, datum, tekst en hetzelfde id ook in een ander bestand.
with all_messages as (
    select coalesce(sum(messages), 0)::bigint as messages,
        coalesce(sum(messages) filter (has_text), 0)::bigint as messages_with_text,
        coalesce(sum(messages) filter (hour is null), 0)::bigint as messages_without_date,
        coalesce(sum(messages) filter (has_wrong_date), 0)::bigint as messages_with_wrong_date,
        min(hour)::date as first_date, max(hour)::date as last_date
    from core.message_hours
),
all_texts as (
    select count(*) as texts from raw.texts where core.has_text(text_id)
),
of_ads as (
    select coalesce(sum(messages), 0)::bigint as ad_messages, count(distinct text_key) as ad_texts,
        count(distinct ad_key) as ads, count(distinct account_key) as ad_accounts,
        count(distinct provider) as providers,
        coalesce(sum(messages) filter (account_key is null), 0)::bigint as anonymous_ad_messages,
        coalesce(sum(messages) filter (provider is null), 0)::bigint as unattributed_ad_messages,
        coalesce(sum(messages) filter (not has_contact), 0)::bigint as contactless_ad_messages,
        coalesce(sum(messages) filter (is_bulk), 0)::bigint as bulk_messages,
        count(distinct ad_key) filter (is_bulk) as bulk_ads,
        count(distinct account_key) filter (is_bulk) as bulk_accounts,
        coalesce(sum(messages) filter (models_agree), 0)::bigint as both_models_ad_messages,
        coalesce(sum(messages) filter (not models_agree), 0)::bigint as single_model_ad_messages
    from core.posters_of_texts
    join (
        select text_key, is_bulk, models_agree,
            text_key in (select text_key from core.text_contacts) as has_contact
        from core.ad_texts
    ) using (text_key)
),
overlapping as (  -- of chats in several files: a file may hold several, and two may hold what follows each other
    select coalesce(sum(messages - 1), 0)::bigint as overlapping_messages
    from (
        select count(*) as messages
        from raw.messages
        where message_id is not null and coalesce(chat, chat_id) in (
                select coalesce(chat, chat_id) from raw.messages group by all having min(source) < max(source)
            )
        group by coalesce(chat, chat_id), message_id, date, text_id
        having min(source) < max(source)
    )
)
select messages, messages_with_text, messages_without_date, messages_with_wrong_date, texts, ad_messages, ad_texts, ads,
    (select count(*) from core.accounts) as accounts, ad_accounts,
    (select count(*) from core.contacts) as ad_contacts, providers,
    (select count(*) from core.chats) as chats, first_date, last_date,
    bulk_messages, bulk_ads, bulk_accounts, anonymous_ad_messages, unattributed_ad_messages,
    contactless_ad_messages, both_models_ad_messages, single_model_ad_messages, overlapping_messages,
    (select rejects from core.folder_facts) as rejects
from all_messages, all_texts, of_ads, overlapping
