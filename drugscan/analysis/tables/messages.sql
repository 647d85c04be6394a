-- en: One row per message, as it was posted; message_id names it, text_id its text. The date is in UTC.
-- nl: Eén rij per bericht, zoals het is geplaatst; message_id noemt het, text_id zijn tekst. De datum is in
--     UTC.
select core.shown('source', source_name.digits) as source, record, core.shown('chat', chat_name.digits) as chat,
    core.shown('chat', chat_id_name.digits) as chat_id,
    core.pseudonymous_message(coalesce(chat_id, chat, source), message_id) as message_id,
    core.shown('account', account_name.digits) as account, core.shown('sender', sender_name.digits) as sender,
    core.shown('sender', forward_name.digits) as forwarded_from, date, core.pseudonymous_id(text_id) as text_id
from raw.messages
left join core.names as source_name on source_name.value = source
left join core.names as chat_name on chat_name.value = chat
left join core.names as chat_id_name on chat_id_name.value = chat_id
left join core.names as account_name on account_name.value = account
left join core.names as sender_name on sender_name.value = sender
left join core.names as forward_name on forward_name.value = forwarded_from
order by messages.source, record
