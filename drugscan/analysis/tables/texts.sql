-- en: One row per text: equal messages share it. What follows models_agree is read from ads only.
-- nl: Eén rij per tekst: gelijke berichten delen die. Wat na models_agree komt is alleen uit advertenties gelezen.
select core.pseudonymous_id(text_id) as text_id, hide_contacts(text) as text, labels, scores, models_agree,
    substances, places, offers,
    list_transform(contacts, lambda contact: {
        'kind': contact.kind, 'value': core.pseudonym(contact.kind, contact.value)
    }) as contacts
from raw.texts
order by 1
