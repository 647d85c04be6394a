-- With identities: everything as it is.
create macro core.digits(value) as value;

create macro core.shown(kind, digits) as digits;

create macro core.pseudonym(kind, value) as value;

create macro core.pseudonymous_id(id) as id;

create macro core.pseudonymous_message(chat, id) as id;

create macro hide_contacts(value) as value;
