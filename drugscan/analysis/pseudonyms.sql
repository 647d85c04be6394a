-- Pseudonyms as drugscan.privacy.pseudonyms gives them. HMAC-SHA-256 (RFC 2104) out of SHA-256 and the key's pads.
create macro core.plain(value) as
    translate(ltrim(value, '@'), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz');

create macro core.digits(value) as
    left(sha256({outer_pad} || unhex(sha256({inner_pad} || encode(core.plain(value))))), {n_digits});

create macro core.shown(kind, digits) as kind || '_' || digits;

create macro core.pseudonym(kind, value) as core.shown(kind, core.digits(value));

create macro core.pseudonymous_id(id) as left(sha256('{id_key}' || id), 32);

-- A message's id often has the chat's name in it, and with a chat and a date leads to the public post.
create macro core.pseudonymous_message(chat, id) as left(sha256('{id_key}' || chat || '/' || id), 32);

-- Most texts hold no sign of a contact, and need to be looked through for names only. An emoji's variation selector
-- and joiner say nothing, and a dotless i is one.
create macro core.plain_text(value) as
    lower(strip_accents(replace(replace(replace(value, chr(65039), ''), chr(8205), ''), 'ı', 'i')));

create macro hide_contacts(value) as
    hide_traces(
        value,
        regexp_matches(core.plain_text(value), '{signs}') or regexp_matches(core.plain_text(value), '{disguises}')
    );
