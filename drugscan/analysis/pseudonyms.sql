-- Pseudonyms as drugscan.pseudonyms gives them: HMAC-SHA-256 (RFC 2104) out of SHA-256 and the key's pads.
create macro core.digest(value) as
    sha256({outer_pad} || unhex(sha256({inner_pad} || encode(value))));

create macro core.plain(value) as
    translate(ltrim(value, '@'), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz');

create macro core.pseudonym(kind, value) as
    kind || '_' || left(core.digest(core.plain(value)), {digits});

-- The identity of a text is a hash of it that needs no key: whoever has it could try out phone numbers.
create macro core.pseudonymous_id(value) as left(core.digest(value), 32);
