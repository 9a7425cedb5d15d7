"""What an emoji says, as a word or an emoticon that reviewers type: ❤ as love, 🙂 as :).

The network learned from reviews of 2011, in which emoji do not occur but ``:)`` and "love" do.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

MEANINGS: tuple[tuple[str, str], ...] = (
    (r"broken_heart", ":("),
    (r"anatomical|couple|handball|bookmark|horse|_card", ""),
    (r"heart|love|kiss|^ring$|^rose$|bouquet", "love"),
    (r"tears_of_joy|rolling_on_the_floor|squinting_face$|^skull$", "lol"),
    (r"thumbs_up|clapping|raising_hands|hundred|trophy|1st_place|gem_stone|OK_hand", "great"),
    (r"sign_of_the_horns|gesturing_OK|chef", "great"),
    (r"^fire$|star-struck|rocket|exploding_head|sparkles|smiling_face_with_sunglasses", "awesome"),
    (r"thumbs_down|middle_finger|gesturing_NO", "bad"),
    (r"pile_of_poo|wastebasket|litter_in_bin|^toilet$", "crap"),
    (r"vomiting|nauseated", "disgusting"),
    (r"sleep|yawning|zzz", "boring"),
    (r"facepalm|rolling_eyes|unamused|weary|tired|confounded|persevering", "ugh"),
    (r"shrug|expressionless|neutral_face", "meh"),
    (r"angry|enraged|pouting|symbols_on_mouth|steam_from_nose", "angry"),
    (r"screaming|fearful|anxious", "scary"),
    (r"partying|party_popper|confetti", "yay"),
    (r"holding_back_tears|smiling_face_with_tear$", "touching"),
    (r"loudly_crying", "crying"),
    (r"crying|sad_but|frowning|disappointed|pensive|worried|anguished|downcast", ":("),
    (r"confused|grimacing|diagonal_mouth|upside-down|melting|raised_eyebrow|woozy", ":/"),
    (r"winking|smirking|wry", ";)"),
    (r"astonished|hushed|face_with_open_mouth|flushed", "wow"),
    (r"tongue|zany", ":p"),
    (r"smiling|grinning|beaming|savoring|hugging|relieved|cowboy", ":)"),
    (r"thinking", "hmm"),
    (r"popcorn", "popcorn"),
)
"""The first pattern that an emoji's name holds decides, so exceptions stand before the rule."""
MODIFIERS = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")


@lru_cache(maxsize=4_096)
def emoji_word(sign: str) -> str:
    """Return the word that stands for an emoji; "" where it says nothing of an opinion.

    Args:
        sign: one emoji, whatever its skin and style, or several joined to one.
    """
    names = _names()
    plain = MODIFIERS.sub("", sign)
    name = names.get(plain) or names.get(plain[:1], "")
    return next((word for pattern, word in MEANINGS if re.search(pattern, name)), "")


def shortcode_word(name: str) -> str | None:
    """Return the word for an emoji that is written as :thumbsup:; None if none is called so.

    Args:
        name: with its colons.
    """
    sign = _shortcodes().get(name)
    return None if sign is None else emoji_word(sign)


@cache
def _shortcodes() -> dict[str, str]:
    """Return the emoji of each name that is typed between colons."""
    from emoji import EMOJI_DATA

    return {
        name: sign
        for sign, about in EMOJI_DATA.items()
        for name in (about["en"].lower(), *about.get("alias", ()))
    }


@cache
def _names() -> dict[str, str]:
    """Return the Unicode CLDR short name of every emoji, read when the first emoji is met."""
    from emoji import EMOJI_DATA

    names = {
        MODIFIERS.sub("", sign): str(about["en"]).strip(":") for sign, about in EMOJI_DATA.items()
    }
    names["♡"] = names["❥"] = "red_heart"
    return names
