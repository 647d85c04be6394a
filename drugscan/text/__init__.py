"""Reading evasive spelling: one folded form that the models, lexicons and near-duplicates share."""

from drugscan.text.collapse import OncePerText, OncePerWord, once_per_recent_text, several, split_words
from drugscan.text.contacts import CONTACT_KINDS, EMOJI_NAME, PLACEHOLDER, ContactSpan
from drugscan.text.normalise import fold
from drugscan.text.offsets import Folded, fold_with_offsets

__all__ = [
    "CONTACT_KINDS",
    "EMOJI_NAME",
    "PLACEHOLDER",
    "ContactSpan",
    "Folded",
    "OncePerText",
    "OncePerWord",
    "fold",
    "fold_with_offsets",
    "once_per_recent_text",
    "several",
    "split_words",
]
