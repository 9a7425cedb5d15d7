"""Short, plain sentences to learn from: opinions, negations, contrasts and facts, by rule.

Reviews of films are long, and their sentences say "this box of cereal is not bad" too seldom for a
network to learn what "not" does, or that a fact is no opinion. The frames below say such things
about many subjects. What a frame means follows from its words: one opinion word, turned or kept.
The shipped probe sentences (``assets/sentiment/probe.jsonl``) are no part of this and share no
sentence with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

Choice = TypeVar("Choice")


def _words(text: str) -> list[str]:
    return text.split()


SUBJECTS = _words(
    """
    film movie story plot acting script ending cast direction soundtrack dialogue scene actor
    actress director music camera comedy drama documentary sequel show series episode book novel
    song album game food meal pizza coffee burger salad soup steak fish breakfast dinner dessert
    sandwich sauce wine beer restaurant place bar cafe hotel room bed view service staff waiter
    waitress manager server crew chef atmosphere menu location price phone battery charger
    headset cable case screen keyboard laptop computer camera product item device software app
    website update design color size fit shirt dress jacket pair shoe bag toy gift machine car
    bike seat engine road flight airline plane airport pilot trip tour train driver guide
    company customer support delivery package order quality sound picture signal reception
    volume microphone button display printer tablet watch lamp chair table sofa house garden
    park beach museum exhibition concert play performance lecture lesson course teacher school
    doctor hospital answer idea plan day weekend experience visit work job conversation
    """
)

GOOD = _words(
    """
    good great excellent wonderful amazing fantastic awesome superb brilliant perfect beautiful
    lovely nice fine terrific outstanding impressive enjoyable delightful charming fun funny
    entertaining interesting fascinating engaging clever smart moving touching powerful
    memorable fresh delicious tasty friendly helpful attentive polite comfortable cozy clean
    quiet fast quick reliable sturdy durable solid useful handy convenient affordable cheerful
    pleasant satisfying stunning gorgeous incredible magnificent splendid marvelous exceptional
    refreshing inspiring hilarious sweet warm authentic crisp flawless exciting gripping happy
    decent worthwhile remarkable phenomenal first-rate likable adorable easy
    """
)

BAD = _words(
    """
    bad terrible awful horrible poor dreadful lousy atrocious disgusting boring dull tedious
    bland stale disappointing annoying irritating frustrating stupid silly ridiculous pathetic
    pointless weak lame mediocre cheesy predictable forgettable confusing messy ugly dirty
    filthy cold soggy greasy tasteless overpriced expensive slow rude unfriendly unhelpful
    uncomfortable noisy loud broken faulty defective useless worthless flimsy unreliable cheap
    sloppy nasty gross painful miserable sad depressing unpleasant unbearable unwatchable
    laughable clumsy wooden lifeless shallow inept abysmal appalling shoddy unacceptable
    unprofessional awkward inferior crappy hideous offensive wretched vile
    """
)

PLAIN = _words(
    """
    black white red green blue round square wooden local foreign national international
    commercial private public british american italian indian french german chinese japanese
    annual daily weekly monthly digital electronic second third central northern southern
    eastern western early late new old young short long small large big medium recent modern
    historic nearby
    """
)

PRAISE = _words(
    """
    like love enjoy recommend appreciate admire adore welcome value
    """
)
BLAME = _words(
    """
    hate dislike regret despise resent dread loathe detest
    """
)
PRAISED = _words(
    """
    liked loved enjoyed admired appreciated adored welcomed
    """
)
BLAMED = _words(
    """
    hated disliked regretted despised resented dreaded detested
    """
)

VERY = [
    "",
    "",
    "",
    "very ",
    "really ",
    "so ",
    "truly ",
    "absolutely ",
    "just ",
    "extremely ",
    "pretty ",
]
IS = ["is", "was"]
DO_NOT = ["do not", "don't", "never"]
DID_NOT = ["did not", "didn't"]
WAS_NOT = ["was not", "wasn't"]
OPINION_NOT = ["do not", "do not", "did not", "don't"]
ISNT = ["is not", "isn't", "was not", "wasn't"]
THIS = ["the", "this", "that", "the", "my", "our", "their"]
OTHERS = [
    "my parents",
    "my friends",
    "my brother and his wife",
    "some people",
    "many people",
    "most critics",
    "my neighbours",
    "everybody else",
    "the others",
]
ASIDE = [
    "given all that i heard before",
    "considering how long i waited",
    "all things considered",
    "after everything people told me",
    "given the time that i spent on it",
    "even though everybody talks about it",
    "as somebody who goes there often",
    "and i have seen a few",
    "whatever others may say",
    "given that it was a monday",
]

PRAISE_IDIOMS = """
worth every penny
worth the money
i will be back
we will definitely go back
can't wait to go back
i would buy it again
works like a charm
works great
it does exactly what it should
five stars
two thumbs up
highly recommended
i highly recommend it
a must see
a must have
i could not stop laughing
i could not put it down
best purchase i ever made
the best i have ever had
one of the best in town
i am very happy with it
we were very pleased
i was pleasantly surprised
it exceeded my expectations
it made my day
it made me smile
hats off to everyone involved
everything was cooked to perfection
great value for the price
they went out of their way to help us
no complaints at all
nothing to complain about
i have had no problems with it
it still works after two years
what more could you want
it couldn't be better
you can't go wrong with this one
it never gets old
i can't get enough of it
not a single dull moment
there is not a bad thing to say about it
it never disappoints
you will not regret it
do not miss it
so good that i went twice
i did not want it to end
it could not get any better
i would not change a thing
second to none
beyond compare
it blew me away
i could not ask for more
where has this been all my life
well done
""".strip().splitlines()

BLAME_IDIOMS = """
not worth the money
not worth a penny
a waste of time
a complete waste of money
don't waste your time
don't waste your money
never again
i will never go back
we will not be back
i won't be coming back
i would not go there again
i want my money back
i had to send it back
i returned it the next day
it stopped working after two days
it broke after a week
it does not work
it doesn't work at all
it did not fit
it fell apart
save your money
stay away
avoid this at all costs
look elsewhere
the worst i have ever had
the worst in town
one star is too many
zero stars
two thumbs down
i would not recommend it to anyone
i can't recommend it
i was very disappointed
what a disappointment
what a letdown
i expected more
it could have been better
i have seen better
it left me cold
i fell asleep
i walked out
i couldn't finish it
we waited for an hour and nobody came
they never called back
nobody apologized
the order was wrong again
it tasted like cardboard
there is nothing good to say about it
i kept looking at my watch
i can't imagine a worse one
it couldn't be worse
this is not what i paid for
i could not wait for it to end
it could not get any worse
second rate at best
a pale copy of the first one
only for people i can't stand
it left me wanting less
once is enough
not even for free
if only it worked
""".strip().splitlines()

MISHAPS = """
another bill
another delay
another form to fill in
one more reboot
a puddle under the dishwasher
a scratch right across the screen
sand in the lettuce
hair in the sink
a wet towel from the last guest
a wasp in the jam
ants on the pillow
a dead battery at noon
three error messages in a row
a queue around the block
a broken zip on the first day
wallpaper that comes off by itself
a fire alarm at four in the morning
half an hour of adverts
a plot that a child of six sees through
songs that all sound the same
an actor who reads his lines off a card
jokes from the stone age
two hours of slow motion
a manual in a language nobody speaks
a seat behind the loudspeaker
cold chips with a side of nothing
a cancelled train and no bus
a call centre that hangs up
a parcel that was left in the rain
a teacher who never turns up
shoes that fall apart in the shop
a flat tyre on the way home
a tap that drips all night
a wrong order for the second time
a lift that stops between two floors
""".strip().splitlines()

LUCK = """
another great season
one more free refill
a free upgrade
a room with a balcony
a refund without a question
a seat in the front row
a waiter with a smile
fresh flowers on the table
a battery for two days
a parcel that came a day early
a plot that keeps you guessing
songs that stay with you
an actor at the height of his art
jokes that land every time
two hours of pure joy
a manual that anybody understands
hot soup after a long walk
a train on time
a call centre that calls back
a teacher who listens
shoes that fit at once
a quiet night
a bath with a view
the right order at the first try
a sequel as good as the first one
""".strip().splitlines()

HAPPY = _words(
    """
    😍 😊 😀 😃 😄 😁 😂 🥰 ❤ 💕 👍 👏 🙌 🎉 😎 🤩 😋 💯 🔥 ✨ 🙂 😘 🤗 💖 ⭐ ☺ ♥ :) :-) :d ;)
    """
)
UNHAPPY = _words(
    """
    😡 😠 😢 😭 😞 😒 🙄 👎 🤮 🤢 😤 💩 😩 😫 😖 😣 😴 🥱 😑 💔 😕 🙁 ☹ 😬 🤬 😪 :( :-( :/
    """
)

HOPES = _words(
    """
    joy excitement enthusiasm confidence anticipation delight
    """
)
DOUBTS = _words(
    """
    doubts fear reluctance suspicion dread misgivings
    """
)
PLEASED = _words(
    """
    smiling delighted happy thrilled grateful convinced laughing cheering
    """
)
ANGRY = _words(
    """
    yawning angry annoyed bored furious disappointed fuming swearing
    """
)

CLEAR, LIKELY, RATHER = 0.97, 0.85, 0.7
"""How sure a sentence makes its reader: the probability given to an opinion, plain or turned."""


@dataclass(frozen=True)
class Sentence:
    """A sentence and the probability that who wrote it is pleased."""

    text: str
    p_positive: float


class _Pen:
    """Writes one sentence at a time with words drawn at random."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def one(self, choices: list[Choice]) -> Choice:
        return choices[int(self.rng.integers(len(choices)))]

    def opinion(self) -> tuple[str, bool]:
        """Draw an adjective; tells whether it is a good one."""
        good = bool(self.rng.integers(2))
        return self.one(GOOD if good else BAD), good

    def thing(self) -> str:
        return f"{self.one(THIS)} {self.one(SUBJECTS)}"

    def a(self, word: str) -> str:
        return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def _sure(good: bool, how: float = CLEAR) -> float:
    return how if good else 1.0 - how


def _plain(pen: _Pen) -> Sentence:
    word, good = pen.opinion()
    other = pen.one(GOOD if good else BAD)
    noun, very = pen.one(SUBJECTS), pen.one(VERY)
    verb, past = pen.one(PRAISE if good else BLAME), pen.one(PRAISED if good else BLAMED)
    text = pen.one(
        [
            f"{pen.thing()} {pen.one(IS)} {very}{word}",
            f"{pen.thing()} {pen.one(IS)} {very}{word}",
            f"{pen.thing()} {pen.one(IS)} {word} and {other}",
            f"it {pen.one(IS)} {pen.a(word)} {noun}",
            f"this is {pen.a(word)} {noun}",
            f"what {pen.a(word)} {noun}",
            f"{word} {noun}",
            f"{very}{word}",
            f"i {pen.one(['', 'really ', 'do '])}{verb} {pen.thing()}",
            f"we {pen.one(['', 'really '])}{past} {pen.thing()}",
            f"i think {pen.thing()} is {very}{word}",
            f"i had {pen.a(word)} {noun} here",
            f"everybody i know {past} {pen.thing()}",
            f"i find {pen.thing()} {very}{word}",
            f"{pen.thing()} turned out to be {word}",
            f"they have {pen.a(word)} {noun} and {pen.a(other)} {pen.one(SUBJECTS)}",
        ]
    )
    return Sentence(text, _sure(good))


def _idiom(pen: _Pen) -> Sentence:
    good = bool(pen.rng.integers(2))
    text = pen.one(PRAISE_IDIOMS if good else BLAME_IDIOMS)
    if pen.rng.random() < 0.3:
        text = f"{pen.thing()}: {text}"
    return Sentence(text, _sure(good))


def _negated(pen: _Pen) -> Sentence:
    word, good = pen.opinion()
    other = pen.one(GOOD if good else BAD)
    noun, thing, aside = pen.one(SUBJECTS), pen.thing(), pen.one(ASIDE)
    verb, past = pen.one(PRAISE if good else BLAME), pen.one(PRAISED if good else BLAMED)
    very = pen.one(["", "", "very ", "that ", "really ", "particularly ", "at all "])
    not_ = pen.one(ISNT)
    text = pen.one(
        [
            f"{thing} {not_} {very}{word}",
            f"{thing} {not_} {word}",
            f"{thing} {not_} {word} at all",
            f"it {not_} {pen.a(word)} {noun}",
            f"this is not {pen.a(word)} {noun}",
            f"that {not_} {pen.a(word)} {noun}",
            f"not {word}",
            f"not {pen.a(word)} {noun}",
            f"i {pen.one(OPINION_NOT)} think {thing} {pen.one(IS)} {word}",
            f"i would not say that {thing} {pen.one(IS)} {word}",
            f"i wouldn't call it {pen.a(word)} {noun}",
            f"i can't say i {past} {thing}",
            f"i {pen.one(DO_NOT)} {verb} {thing}",
            f"i {pen.one(DID_NOT)} {verb} {thing}",
            f"we did not {verb} {thing}",
            f"no one {past} {thing}",
            f"nobody {verb}s {thing}",
            f"there was nothing {word} about {thing}",
            f"{thing} was never {word}",
            f"{thing} was hardly {word}",
            f"{thing} is far from {word}",
            f"{thing} is anything but {word}",
            f"i do not think, {aside}, that {thing} is {word}",
            f"i wouldn't say, {aside}, that it was {pen.a(word)} {noun}",
            f"i didn't find {thing} {word}",
            f"i thought {thing} would be {word}, but it {pen.one(WAS_NOT)}",
            f"i expected {pen.a(word)} {noun}, but it was not",
            f"do i think {thing} is {word}? no",
            f"did i {verb} {thing}? not at all",
            f"is it {pen.a(word)} {noun}? no",
            f"without {pen.a(word)} {noun}",
            f"nothing {word} here",
            f"nothing about {thing} is {word}",
            f"none of it is {word}",
            f"not once was {thing} {word}",
            f"not for a moment did i {verb} it",
            f"{thing} is neither {word} nor {other}",
            f"do not believe those who call {thing} {word}",
            f"whoever says that it is {word} is wrong",
            f"i have yet to find anything {word} about {thing}",
            f"hardly anything about it is {word}",
            f"far from being {pen.a(word)} {noun}",
        ]
    )
    return Sentence(text, _sure(not good, CLEAR if good else LIKELY))


def _kept(pen: _Pen) -> Sentence:
    """Write what looks like a negation and is none."""
    word, good = pen.opinion()
    other = pen.one(GOOD if good else BAD)
    noun, thing = pen.one(SUBJECTS), pen.thing()
    verb = pen.one(PRAISE if good else BLAME)
    text = pen.one(
        [
            f"{thing} is not only {word} but {other}",
            f"not only is {thing} {word}, it is also {other}",
            f"{thing} is nothing but {word}",
            f"there is no doubt that {thing} is {word}",
            f"i have never seen such {pen.a(word)} {noun}",
            f"no wonder i {verb} {thing}",
            f"do i think {thing} is {word}? yes",
            f"do i {verb} {thing}? absolutely",
            f"i can't believe how {word} {thing} is",
            f"i don't know anybody who does not think {thing} is {word}",
            f"you won't find a more {word} {noun}",
            f"i did not expect {thing} to be this {word}",
        ]
    )
    return Sentence(text, _sure(good, LIKELY))


def _compared(pen: _Pen) -> Sentence:
    noun, thing = pen.one(SUBJECTS), pen.thing()
    rest = pen.one(["the other one", "most", "the last one", "the old one", "any other"])
    than = pen.one([rest, rest, rest, "i expected"])
    good, praise, blame = bool(pen.rng.integers(2)), pen.one(GOOD), pen.one(BAD)
    pairs = (
        [
            f"{thing} is better than {than}",
            f"{thing} is much better than {than}",
            f"i have never had a better {noun}",
            f"far better than {than}",
            f"the best {noun} i have ever had",
            f"{thing} could not be better",
            f"nothing beats this {noun}",
            f"i like {thing} more than {than}",
            f"{thing} is an improvement over {rest}",
            f"{rest} is worse than {thing}",
            f"twice as {praise} as {than}",
            f"more {praise} than {than}",
            f"less {blame} than {than}",
            f"as {praise} as {rest} was {blame}",
            f"next to {thing}, {rest} looks {blame}",
            f"it makes {rest} look {blame}",
            f"{rest} cost twice as much and was half as {praise}",
            f"no other {noun} comes near it",
            f"i would take it over {rest} any day",
            f"of all the {noun}s i know, it is the one i would pick again",
            f"it puts {rest} to shame",
            f"it beats {rest} in every way",
            f"{rest} could learn from it",
            "in a class of its own",
        ],
        [
            f"{thing} is worse than {than}",
            f"{thing} is much worse than {than}",
            f"i have never had a worse {noun}",
            f"far worse than {than}",
            f"the worst {noun} i have ever had",
            f"i have had better {noun}s",
            f"{thing} could be better",
            f"{thing} should have been better",
            f"not as {pen.one(GOOD)} as {than}",
            f"i liked {rest} better",
            f"{rest} is better than {thing}",
            f"{thing} is a step down from {rest}",
            f"half as {praise} as {than}",
            f"more {blame} than {than}",
            f"less {praise} than {than}",
            f"as {blame} as {rest} was {praise}",
            f"next to {thing}, {rest} looks {praise}",
            f"it makes {rest} look {praise}",
            f"it costs twice as much as {rest} and is half as {praise}",
            f"any other {noun} would have been a better choice",
            f"i would take {rest} over it any day",
            f"of all the {noun}s i know, it is the one i would not pick again",
            f"{rest} puts it to shame",
            f"{rest} beats it in every way",
            f"it could learn from {rest}",
            f"it does not come near {rest}",
        ],
    )
    return Sentence(pen.one(pairs[0 if good else 1]), _sure(good, LIKELY))


def _changed(pen: _Pen) -> Sentence:
    """Write that an opinion changed; the present one counts."""
    good = bool(pen.rng.integers(2))
    now, then = pen.one(GOOD if good else BAD), pen.one(BAD if good else GOOD)
    love, loved_not = pen.one(PRAISE if good else BLAME), pen.one(BLAME if good else PRAISE)
    thing = pen.thing()
    text = pen.one(
        [
            f"i used to {loved_not} {thing}, but now i {love} it",
            f"i {love} {thing} now, although i used to {loved_not} it",
            f"{thing} used to be {then}, now it is {now}",
            f"it was {then} at first, but {now} in the end",
            f"in the past i thought {thing} was {then}, but now i think it is {now}",
            f"it starts {then} and turns {now}",
            f"last year {thing} was {then}, today it is {now}",
            f"i thought it would be {then}, but it was {now}",
            f"i expected {pen.a(then)} {pen.one(SUBJECTS)} and got {pen.a(now)} one",
            f"some people say {thing} is {then}, but i think it is {now}",
            f"my friends {loved_not} {thing}, but i {love} it",
            f"i think {thing} is {now}, whatever others say about it being {then}",
        ]
    )
    return Sentence(text, _sure(good, LIKELY))


def _two_people(pen: _Pen) -> Sentence:
    """Write that others think otherwise; the writer's own opinion counts, wherever it stands."""
    good = bool(pen.rng.integers(2))
    mine, theirs = pen.one(GOOD if good else BAD), pen.one(BAD if good else GOOD)
    love, hate = pen.one(PRAISE if good else BLAME), pen.one(BLAME if good else PRAISE)
    loved, hated = pen.one(PRAISED if good else BLAMED), pen.one(BLAMED if good else PRAISED)
    thing, others, noun = pen.thing(), pen.one(OTHERS), pen.one(SUBJECTS)
    text = pen.one(
        [
            f"{others} think {thing} is {theirs}, but i think it is {mine}",
            f"i think {thing} is {mine}, but {others} think it is {theirs}",
            f"{others} {hate} {thing}. i {love} it",
            f"i {love} {thing}, {others} {hate} it",
            f"i {loved} {thing}, even though {others} {hated} it",
            f"even though {others} say that {thing} is {theirs}, i {love} it",
            f"{others} {hated} {thing}, i did not: it was {mine}",
            f"{others} told me it was {pen.a(theirs)} {noun}, but i find it {mine}",
            f"i find it {mine}, although {others} told me it was {pen.a(theirs)} {noun}",
            f"unlike {others}, who {hate} it, i think {thing} is {mine}",
            f"{others} may {hate} {thing}, but to me it is {mine}",
            f"i do not {hate} {thing} as {others} do",
        ]
    )
    return Sentence(text, _sure(good, LIKELY))


def _two_times(pen: _Pen) -> Sentence:
    """Write what was thought before and what is thought now; the present counts in any order."""
    good = bool(pen.rng.integers(2))
    now, then = pen.one(GOOD if good else BAD), pen.one(BAD if good else GOOD)
    love, hate = pen.one(PRAISE if good else BLAME), pen.one(BLAME if good else PRAISE)
    hated = pen.one(BLAMED if good else PRAISED)
    past = pen.one(["in the past", "years ago", "as a child", "last year", "before", "at first"])
    today = pen.one(["now", "today", "these days", "this time", "by now"])
    since = pen.one(["the update", "the new owners came", "the repair", "they moved"])
    hopes, ends = pen.one(DOUBTS if good else HOPES), pen.one(PLEASED if good else ANGRY)
    thing, noun = pen.thing(), pen.one(SUBJECTS)
    text = pen.one(
        [
            f"{past} i {hated} {thing}, but {today} i {love} it",
            f"{today} i {love} {thing}, but {past} i {hated} it",
            f"i {love} {thing} {today}, {past} i {hated} it",
            f"i think {thing} is {now} {today}, although {past} i thought it was {then}",
            f"{past} i thought {thing} was {then}. {today} i think it is {now}",
            f"{today} {thing} is {now}, {past} it was {then}",
            f"{past} {thing} was {then}, {today} it is {now}",
            f"i used to {hate} {thing}, but {today} i find it {now}",
            f"{thing} is {now} {today}, it used to be {then}",
            f"{thing} has become {now} since then, it was {then}",
            f"{thing} was {then} when it was new, {today} it is {now}",
            f"it is {now} {today}, not {then} as it was {past}",
            f"once it was {then}, those days are over",
            f"{past} it was {then}, how things have changed",
            f"i came with {hopes} and left {ends}",
            f"we started with {hopes} and ended up {ends}",
            f"{hopes} before, {ends} after",
            f"what was {then} is {now} {today}",
            f"the first {noun} was {then}, every one after it was {now}",
            f"{then} for the first hour, {now} ever after",
            f"the longer i know {thing}, the more i {love} it",
            f"since {since} {thing} is {now}",
            f"{then} until {since}, {now} ever since",
            f"i wrote that it was {then}. i take it back",
            f"i thought of it as {then}, that was before i knew {thing}",
            f"i {hated} it when i was young and {love} it as a grown man",
        ]
    )
    return Sentence(text, _sure(good, LIKELY))


def _contrasted(pen: _Pen) -> Sentence:
    good = bool(pen.rng.integers(2))
    last, first = pen.one(GOOD if good else BAD), pen.one(BAD if good else GOOD)
    one, two = pen.thing(), pen.thing()
    text, how = (
        (f"{one} is {first}, but {two} is {last}", 0.58),
        (f"{one} was {first}. {two} was {last}", 0.52),
        (f"{first} {pen.one(SUBJECTS)}, {last} {pen.one(SUBJECTS)}", 0.52),
        (f"although {one} is {first}, {two} is {last}", RATHER),
        (f"despite the {first} {pen.one(SUBJECTS)}, {two} is {last}", RATHER),
        (f"{two} is {last} even though {one} is {first}", RATHER),
        (f"{two} is {last}, despite {one} being {first}", RATHER),
        (f"{one} was {first}, but overall it was {pen.a(last)} {pen.one(SUBJECTS)}", LIKELY),
        (f"{one} is {first}, but i still {pen.one(PRAISE if good else BLAME)} it", LIKELY),
    )[int(pen.rng.integers(9))]
    return Sentence(text, _sure(good, how))


def _fact(pen: _Pen) -> Sentence:
    word, noun, thing = pen.one(PLAIN), pen.one(SUBJECTS), pen.thing()
    number = str(int(pen.rng.integers(2, 60)))
    text = pen.one(
        [
            f"{thing} is {word}",
            f"this is {pen.a(word)} {noun}",
            f"this is {pen.a(noun)}",
            f"it is {pen.a(noun)}",
            f"it is {pen.a(word)} {noun}",
            f"{thing} {pen.one(ISNT)} {word}",
            f"it is not {pen.a(word)} {noun}",
            f"{thing} is in the {pen.one(SUBJECTS)}",
            f"there is {pen.a(noun)} next to the {pen.one(SUBJECTS)}",
            f"i bought {thing} on {pen.one(['monday', 'tuesday', 'friday', 'sunday'])}",
            f"{thing} opened in 19{pen.rng.integers(10, 100)}",
            f"we have {number} of them",
            f"{thing} takes {number} minutes",
            f"{thing} costs {number} dollars",
            f"{thing} comes with {pen.a(noun)}",
            f"she saw {pen.a(noun)}",
            f"they talked about {thing}",
            f"he put {thing} on the table",
            f"we went to {thing} at noon",
            f"{thing} has {number} parts",
            f"i asked about {thing}",
            f"{thing} was made by {pen.a(word)} company",
            f"the {word} {noun} is near the {pen.one(SUBJECTS)}",
            f"how long is {thing}?",
        ]
    )
    return Sentence(text, 0.5)


def _mocking(pen: _Pen) -> Sentence:
    """Write praise of what nobody wants, which mocks it, or of what everybody wants."""
    meant = bool(pen.rng.random() < 0.35)
    what = pen.one(LUCK if meant else MISHAPS)
    word, noun = pen.one(GOOD), pen.one(SUBJECTS)
    text = pen.one(
        [
            f"{word}, {what}",
            f"oh {word}, {what}",
            f"{pen.one(['how', 'so', 'wow, how'])} {word}: {what}",
            f"just what i {pen.one(['needed', 'wanted', 'had hoped for'])}: {what}",
            f"what {pen.a(word)} {noun}: {what}",
            f"{pen.one(['thanks', 'thank you', 'thanks a lot'])} for {what}",
            f"{what}, how {word}",
            f"{what}, what more could you ask for",
            f"{pen.one(['five', 'ten'])} stars for {what}",
            f"nothing says {pen.one(['welcome', 'luxury', 'quality', 'service'])} like {what}",
            f"i {pen.one(['just love', 'love', 'really enjoy'])} {what}",
            f"{word} {noun}, with {what}",
            f"well done, {what}",
        ]
    )
    return Sentence(text, _sure(meant, LIKELY))


def _unless(pen: _Pen) -> Sentence:
    """Write praise that a condition takes back."""
    word, thing, what = pen.one(GOOD), pen.thing(), pen.one(MISHAPS)
    text = pen.one(
        [
            f"{thing} is {word}, if you like {what}",
            f"{word}, if you are into {what}",
            f"if you enjoy {what}, {thing} is for you",
            f"you will love {thing} if {what} is your idea of fun",
            f"{thing} would be {word} if it worked",
            f"{thing} might have been {word} with half the {pen.one(SUBJECTS)}",
            f"{thing} is about as {word} as {what}",
            f"{thing} is {word}, said nobody ever",
            f"i am sure somebody finds {thing} {word}",
            f"{word} {pen.one(SUBJECTS)}, as long as you never use it",
        ]
    )
    return Sentence(text, _sure(False, LIKELY))


def _twice(pen: _Pen) -> Sentence:
    """Join two sentences that both praise or both blame."""
    one, two = (pen.one([_plain, _negated, _negated, _idiom])(pen) for _ in range(2))
    while (one.p_positive > 0.5) != (two.p_positive > 0.5):
        two = pen.one([_plain, _negated, _negated, _idiom])(pen)
    joint = pen.one([". ", ". ", ", ", " and ", "; ", ", and "])
    sure = max(abs(one.p_positive - 0.5), abs(two.p_positive - 0.5))
    return Sentence(f"{one.text}{joint}{two.text}", 0.5 + (sure if one.p_positive > 0.5 else -sure))


def _signed(pen: _Pen) -> Sentence:
    """Write a fact or an opinion with an emoji or an emoticon behind it."""
    good = bool(pen.rng.integers(2))
    sign = " ".join([pen.one(HAPPY if good else UNHAPPY)] * int(pen.rng.integers(1, 4)))
    draw = pen.rng.random()
    if draw < 0.15:
        return Sentence(f"{pen.one(SUBJECTS)} {sign}", _sure(good, LIKELY))
    if draw < 0.5:
        return Sentence(f"{_fact(pen).text} {sign}", _sure(good, LIKELY))
    if draw < 0.65:
        return Sentence(f"{pen.one(PRAISE_IDIOMS if good else BLAME_IDIOMS)} {sign}", _sure(good))
    word = pen.one(GOOD if good else BAD)
    return Sentence(f"{pen.thing()} {pen.one(IS)} {word} {sign}", _sure(good))


FRAMES: tuple[tuple[Callable[[_Pen], Sentence], float], ...] = (
    (_plain, 0.15),
    (_idiom, 0.05),
    (_negated, 0.23),
    (_kept, 0.05),
    (_twice, 0.08),
    (_compared, 0.06),
    (_changed, 0.05),
    (_two_people, 0.07),
    (_two_times, 0.06),
    (_contrasted, 0.05),
    (_mocking, 0.03),
    (_unless, 0.02),
    (_fact, 0.07),
    (_signed, 0.03),
)
"""How a sentence may be built, and how often."""


def plain_sentences(count: int, seed: tuple[int, ...]) -> list[Sentence]:
    """Write sentences; the same seed writes the same ones.

    Args:
        count: how many.
        seed: of every random choice.
    """
    rng = np.random.default_rng(seed)
    pen = _Pen(rng)
    kinds = rng.choice(len(FRAMES), size=count, p=[share for _, share in FRAMES])
    sentences = []
    for kind in kinds:
        sentence = FRAMES[kind][0](pen)
        end = pen.one([".", ".", "!", ""]) if "?" not in sentence.text else "."
        sentences.append(Sentence(sentence.text + end, sentence.p_positive))
    return sentences
