"""Quests about the trained network: of several states the first that fulfils one.

Which sentence does depends on the weights. A quest that none of several fulfils asks too much.
"""


def reached(quests, key, states):
    """Return the first state that fulfils a quest; the last one, if none does."""
    (quest,) = (quest for quest in quests if quest.key == key)
    for state in states:
        if quest.done(state):
            break
    return state
