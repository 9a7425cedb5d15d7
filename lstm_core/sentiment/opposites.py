"""Words that people exchange when they turn what a review says: verbs, adverbs, nouns and the rest.

The adjectives of ``plain_sentences`` are most of what is exchanged; here stands what else says
whether somebody is pleased. A line has words of one form that praise, and words of that form that
blame.
"""

from __future__ import annotations

LINES = """
love enjoy adore admire | hate dislike loathe despise regret
loves likes enjoys adores admires | hates dislikes loathes despises regrets
loved liked enjoyed adored admired | hated disliked loathed despised regretted
loving liking enjoying | hating disliking regretting
recommend | avoid
works succeeds shines delivers excels | fails flops drags disappoints suffers
worked succeeded shone delivered excelled | failed flopped dragged disappointed suffered
work succeed shine deliver excel | fail flop drag disappoint suffer
succeeding shining delivering | failing dragging disappointing
impressed pleased thrilled delighted amused charmed | disappointed annoyed bored disgusted irritated appalled
impresses pleases delights amuses charms | annoys bores disgusts irritates appalls
impress please delight amuse charm | annoy bore disgust irritate appall
laughed smiled cheered | yawned groaned cringed
laugh smile cheer | yawn groan cringe
laughing smiling | yawning groaning cringing
beautifully brilliantly superbly perfectly wonderfully nicely convincingly skillfully masterfully | badly poorly terribly awfully horribly miserably clumsily ineptly dreadfully pathetically
masterpiece gem classic triumph delight treat joy winner success marvel | disaster mess failure waste flop turkey stinker bore letdown abomination
masterpieces gems classics triumphs delights treats winners | disasters messes failures flops turkeys stinkers bores letdowns
best finest greatest funniest nicest | worst poorest weakest dullest lamest
better finer funnier stronger | worse poorer duller weaker
fun excitement pleasure | boredom tedium pain
talent skill brilliance charm beauty grace originality | ineptitude incompetence stupidity clumsiness ugliness dullness
strengths virtues merits | weaknesses flaws faults
strength virtue merit | weakness flaw fault
praise applause | criticism ridicule
original inventive creative imaginative intelligent thoughtful | derivative unoriginal unimaginative hackneyed brainless thoughtless
believable convincing realistic credible plausible | unbelievable unconvincing unrealistic incredible implausible
strong rich deep complex subtle | weak thin shallow simplistic heavy-handed
talented gifted skilled | talentless untalented amateurish
suspenseful tense absorbing compelling riveting mesmerizing | plodding slow sluggish tiresome dreary numbing
underrated overlooked | overrated overhyped
glad grateful thankful lucky | sorry sad angry unlucky
everything always everyone everybody | nothing never nobody
luckily fortunately happily thankfully | unfortunately sadly regrettably alas
sympathetic lovable likeable endearing | unsympathetic hateful unlikable obnoxious
professional polished stylish | amateurish cheap sloppy
timeless unforgettable | dated forgettable
rent buy watch | skip avoid
"""


def _read(lines: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in lines.strip().splitlines():
        praise, blame = (tuple(side.split()) for side in line.split("|"))
        found |= {word: found.get(word, ()) + blame for word in praise}
        found |= {word: found.get(word, ()) + praise for word in blame}
    return found


OPPOSITES = _read(LINES)
"""What a word may be exchanged for."""
