"""Quests about the trained network: of several states the first that fulfils one.

Which sentence does depends on the weights. A quest that none of several fulfils asks too much.
"""

WEIGHED = (
    "Nothing special, but not bad either.",
    "Not for everyone, but I did not mind it.",
    "It has its moments, but not enough of them.",
    "The food was good, the service was bad.",
    "This was so much better than the first one.",
    "A good start and a weak ending.",
)
"""Sentences of six words or more that a reader may take no side on."""
SHORT = (
    "It was okay.",
    "I did not mind it.",
    "A film for some.",
    "Not for everyone.",
    "I like it.",
)
"""Shorter ones."""


def reached(quests, key, states):
    """Return the first state that fulfils a quest; the last one, if none does."""
    (quest,) = (quest for quest in quests if quest.key == key)
    for state in states:
        if quest.done(state):
            break
    return state


def torn(reader):
    """Return the first of ``WEIGHED`` on which a reader takes no side."""
    return next(text for text in WEIGHED if reader.read(text).verdict == "mixed or unclear")


def unclear(reader):
    """Return the first of ``SHORT`` on which a reader takes no side."""
    return next(text for text in SHORT if reader.read(text).verdict == "mixed or unclear")
