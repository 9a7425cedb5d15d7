"""Texts to ask a teacher about: what people say of meals, telephones, hotels, books and the rest.

A review of a film never says that a battery died or that a soup came cold. The lines below do: each
is a frame with its choices in braces, good and bad ones side by side, and what a text that comes
out says is the teacher's to judge (``encoder_teacher``). The shipped probe sentences
(``assets/sentiment/probe.jsonl``) share no sentence with them.
"""

from __future__ import annotations

import re

import numpy as np

from lstm_core.sentiment.made_texts import one_of

CHOICE = re.compile(r"\{([^{}]*)\}")
FIRST_LETTER = re.compile(r"(?:^|(?<=[.!?] ))[a-z]")

NAMED = {
    "very": "|||very |really |so |quite |rather |pretty |a bit |too |extremely |surprisingly ",
    "not": "is|was|is|was|is not|was not|isn't|wasn't|is never|is hardly",
    "days": "two days|three days|a week|ten days|two weeks|a month|three months|half a year|two years",
    "wait": "ten minutes|half an hour|forty minutes|an hour|two hours|all evening",
    "we": "we|i|we|they",
    "people": "my wife|my husband|my mother|my kids|my friends|the others|everyone at the table|my daughter|a colleague",
    "any": "good|great|excellent|fine|bad|awful|terrible|poor|disappointing|mediocre|average|okay|perfect|ordinary|special|worth it",
    "dish": "soup|pasta|steak|pizza|fish|salad|curry|burger|chicken|rice|dessert|bread|coffee|ramen|tacos|pancakes|sushi|lamb|cake",
    "taste": "delicious|bland|salty|fresh|cold|overcooked|perfectly done|dry|tender|greasy|full of flavour|tasteless|burnt|crisp|soggy|divine|chewy|raw in the middle",
    "staff": "waiter|waitress|staff|owner|manager|bartender|host|server|chef|hostess",
    "manner": "friendly|rude|attentive|slow|helpful|polite|indifferent|charming|arrogant|quick|patient|grumpy|professional|clueless|careless|warm and welcoming",
    "device": "phone|laptop|headset|camera|charger|tablet|speaker|printer|watch|router|keyboard|mouse|television|vacuum cleaner|toaster|drill|blender|razor|case|cable|earbuds|kettle",
    "part": "battery|screen|sound|picture|button|hinge|cable|software|display|microphone|plug|motor|handle|zipper|strap|lid|remote|fan",
    "state": "excellent|crystal clear|dim|loud|sturdy|flimsy|cracked|reliable|useless|solid|bright|fuzzy|broken|easy to use|a joke|better than expected|weaker than advertised",
    "clothes": "shirt|jacket|dress|shoes|pair of jeans|coat|sweater|boots|bag|hat|suit|gloves|belt|socks",
    "fit": "fits perfectly|is too tight|is true to size|shrank in the first wash|looks cheap|looks even better in person|is comfortable all day|itches|faded quickly|fell apart at the seams|keeps its shape|runs small|is very well made|is thin as paper",
    "lodging": "hotel|room|hostel|apartment|resort|cabin|motel|guest house",
    "roomstate": "spotless|dirty|quiet|noisy|spacious|tiny|bright|damp|cosy|freezing|comfortable|smelly|freshly renovated|run down|overpriced|charming",
    "service": "dentist|doctor|mechanic|plumber|hairdresser|lawyer|driver|nurse|teacher|instructor|agent|gym|bank|garage|school|clinic|airline|moving company|delivery service",
    "app": "app|program|website|game|update|tool|new version|interface|search|service",
    "appdoes": "crashes|loads instantly|freezes every few minutes|just works|is full of ads|saves me hours|lost all my data|is easy to understand|drains the battery|never lets me down|asks for money at every step|runs smoothly|is confusing",
    "work": "book|novel|album|song|game|play|concert|exhibition|podcast|course|lecture|series|episode|film|movie|documentary|sequel|comedy",
    "workis": "gripping|tedious|moving|predictable|hilarious|pretentious|forgettable|beautiful|clever|boring|overlong|thrilling|touching|shallow|charming|a mess|a masterpiece|uneven|a delight|dull|full of surprises|full of clichés|flat|honest|silly",
    "workpart": "ending|plot|first half|second half|characters|dialogue|acting|music|writing|pacing|story|cast|voice|humour|lead|direction",
}
"""Choices that many frames share, by name."""

FRAMES: dict[str, str] = {
    "meals": """
        the {dish} {not} {very}{taste}
        the {dish} came {cold|late|exactly as we ordered it|with a smile|burnt|twice|after {wait}|fresh from the oven|without the sauce}
        {we} waited {wait} for {a table|the food|the bill|our drinks|a glass of water}
        our {staff} {not} {very}{manner}
        the {staff} {forgot our order|remembered us from last time|ignored us|made us feel at home|recommended a wonderful wine|never came back|apologised and brought a new one|rolled her eyes|explained every dish|got the order wrong|took care of everything|argued with us about the bill}
        {portions are|the prices are|the menu is|the wine list is} {generous|tiny|fair|ridiculous|too long|well chosen|small but fine|steep|reasonable|limited}
        {we|i} {will be back|will definitely return|won't be back|would not go again|can't wait to come back|left hungry|left happy|ate every crumb|sent it back|asked for seconds|left most of it on the plate|felt sick all night|had to try everything}
        {best|worst|tastiest|saddest|cheapest|most expensive} {dish} {in town|i have had in years|i ever ate|on this side of the river|so far}
        this place is {a hidden gem|a tourist trap|always packed|overrated|worth the drive|not what it used to be|my favourite|a rip off|a real treat|going downhill|nothing special}
        {table|floor|glass|fork}s were {sticky|spotless|dirty|clean|set beautifully}
        you get {a lot|very little} for {your|the} money
        {there was a hair in my {dish}|they even catered to my allergies|the kitchen was already closed at eight|they gave us a free dessert|they charged us for tap water|the music was too loud to talk|the view alone is worth it|our plates were taken before we had finished}
        the {dish} {could have used more {salt|spice|time}|needs nothing else|melts in your mouth|tastes like it came from a can|tastes like my grandmother's|was as good as ever|has seen better days|is to die for}
    """,
    "things": """
        the {part} {not} {very}{state}
        the {device} {stopped working|broke|died|still works like new|has not failed once|started to smoke|held up well|became my favourite} after {days}
        the {part} {came loose|broke off|failed|works flawlessly|lasts all day|is dead by noon|never gave me trouble|makes a terrible noise|scratches easily|is the best i have had} {|after {days}|from day one|so far}
        {it|the {device}} {works|does not work|works exactly|never worked|hardly works|does just fine} {as described|as advertised|with my old one|right out of the box|at all|for what i need}
        {bought|ordered|got} {this|this {device}} {for my {son|father|wife|office}|a month ago|on sale|as a gift|to replace my old one} and {love it|regret it|it is great|it is junk|could not be happier|it was dead on arrival|use it every day|had to return it|never looked back|he never uses it}
        {setting it up|setup|installation|assembly} {took two minutes|was a nightmare|was a breeze|is impossible without help|was easier than i thought|took the whole afternoon}
        {customer service|support|the seller} {never answered|replaced it at once|was useless|went above and beyond|hung up on me|answered within an hour|refused to refund me|sent a new one free of charge|could not care less}
        {it arrived|the parcel came|the package came} {broken|a day early|three weeks late|well packed|with parts missing|as promised|in the wrong colour|already opened|in perfect condition}
        {cheaply made|well made|solid as a rock|light as a feather|heavy as a brick} {and worth every cent|and overpriced|but it does the job|but who cares|and it shows}
        {i would|i'd|i will|i won't|i would not|i wouldn't} {buy it again|recommend it to anyone|recommend it|buy from them again|spend money on this|trade it for anything}
        {this|my} {clothes} {fit}
        {these|the} {clothes} {looked nothing like the picture|looked just like the picture|got me many compliments|ripped on the first day|kept me warm all winter|let the water in|smelled of chemicals|feel like a second skin}
        {save your money|do yourself a favour and buy it|look for something else|get one while you can|avoid|you get what you pay for|a steal at this price|total garbage|pure joy|five stars|one star because zero is not possible|what a waste|what a find|my second one already}
        {it is|it's} {not} the {best|worst|cheapest|prettiest|fastest} {device} but it {does what it should|will do|gets the job done|fails when you need it|never fails|is not worth the price}
        {i had|i have had} {no|some|many|constant|zero|nothing but} {problems|trouble|issues|complaints} with {it|the {part}|this {device}}
    """,
    "places": """
        the {lodging} {not} {very}{roomstate}
        the {bed was|beds were|shower was|pool was|breakfast was|lobby was|air conditioning was|wifi was} {comfortable|hard as stone|cold|broken|spotless|wonderful|closed|out of order|plentiful|disgusting|hot and strong|perfect|the best part of the stay|a disaster}
        {we|i} {found bugs in the bed|slept like a baby|could not sleep|were upgraded for free|had to change rooms twice|could hear the neighbours all night|felt at home at once|checked out a day early|stayed longer than planned|would stay here again in a heartbeat|would rather sleep in the car}
        {reception|the front desk|the host} {was of no help|sorted everything out|lost our booking|greeted us by name|was asleep|let us check in early|charged our card twice|could not have been nicer|kept us waiting}
        {close to everything|far from anything|right at the beach|next to a building site|in a quiet street|above a night club|ten minutes from the station}
        the {beach|park|museum|garden|town|view|trail} was {breathtaking|crowded|full of rubbish|closed|peaceful|beautiful|a let down|worth the trip|nothing to write home about}
        the {flight|train|bus|ferry|taxi} was {late|on time|cancelled|cramped|comfortable|filthy|smooth|a nightmare} {|again|as always|both ways}
        {my luggage was lost|my bag came out first|the crew was lovely|the crew could not be bothered|there was no legroom|they gave us blankets and a hot meal|we were stuck on the runway for {wait}|we landed early}
    """,
    "services": """
        my {service} {not} {very}{manner}
        the {service} {took the time to explain everything|never called back|overcharged me|found the problem at once|made it worse|fixed it in no time|listened|did not listen|was late again|did an excellent job|left a mess|kept every promise|broke every promise|charged less than agreed|treated us like cattle|saved my day}
        {we|i} have been going there for {years|months} and {never had a problem|it gets worse every time|would not go anywhere else|i am done with them|they never let me down}
        {they|the people there} {know what they are doing|have no idea what they are doing|care about their customers|only want your money|lied to us|were honest with me|take forever|work fast and clean}
        {i|we} {learned a lot|learned nothing|was in good hands|felt ripped off|felt safe|could have done it better myself|left with a smile|left in tears|want a refund|cannot thank them enough}
        {parking is easy|there is never a place to park|the phone is always busy|booking was simple|the forms are endless|the waiting room was packed}
    """,
    "apps": """
        the {app} {appdoes}
        the {app} {appdoes} and {appdoes}
        since the last {update|version} {it|the {app}} {appdoes}
        {i use it every day|i deleted it after five minutes|uninstalled|cannot live without it|would pay for it|they should pay me to use it|does what it says|does nothing it says|simple and clean|a cluttered mess|great idea, poor execution|finally a good one}
        {login does not work|syncing works perfectly|my account was locked for no reason|the maps are always right|the maps sent me into a lake|it corrected my spelling into nonsense|support answered on a sunday}
    """,
    "works": """
        the {workpart} {not} {very}{workis}
        {this|the|a} {work} {that is|is|was} {workis}{| and {workis}|, if a little {workis}|, yet {workis}}
        {i|we} {could not put it down|could not stop laughing|fell asleep|cried at the end|left before the end|gave up after {wait}|was glued to the screen|kept checking the time|want those hours back|saw it twice|will never get that evening back|did not want it to end|laughed once|smiled the whole way through|felt nothing|was hooked from the start|counted the minutes|forgot the time}
        the {workpart} {saves|ruins|carries|sinks|lifts|drags down|is the best thing about|is the weakest part of|almost makes up for} {it|the {work}|the rest|everything}
        {it|the {work}} {lacks|has|is full of|offers|is devoid of|has no shortage of|could use more|gives us too much} {heart|wit|tension|charm|ideas|life|humour|soul|surprises|suspense|depth|substance|style|energy|warmth}
        {never|always|often|rarely|almost|at times|anything but} {boring|funny|convincing|believable|scary|dull|engaging|subtle|predictable|clever}
        {a|one} {must see|must read|waste of {talent|paper|time|film}|triumph|failure|small miracle|missed opportunity|guilty pleasure|bore|treat|chore|crowd pleaser|slog|gem|disaster|classic}
        {worth|not worth|hardly worth|well worth|barely worth} {seeing|reading|your time|the price of a ticket|a second look|the hype|a rental}
        {fans of the genre|children|anyone with a brain|people who loved the first one} will {love it|hate it|be disappointed|be delighted|be bored|feel cheated|feel right at home}
        {i wanted to like it|i wanted to hate it|i expected little|i had high hopes|the trailer promised a lot|the reviews were awful|the critics loved it} {, but|. still,| and} {it is {workis}|it delivered|it did not deliver|it won me over|it lost me|i was wrong|i was right}
        {for all its|despite its|because of its|thanks to its} {flaws|faults|charm|length|budget|good intentions|clichés|slow start|fine cast}, it {works|does not work|never comes to life|is {workis}|stays with you|falls flat|wins you over}
    """,
    "anything": """
        {i|we} {can't|cannot|could not|can} {complain|recommend it enough|praise it enough|understand the fuss|fault it|say anything good about it|say a bad word about it|think of anything worse|ask for more|find fault with it|see what is wrong with it|wait to be done with it}
        {there is|there was|i found} {nothing|not much|not one thing|little|a lot|plenty|hardly anything} {to complain about|to like|to dislike|to criticise|to praise|i would change|i did not enjoy|worth mentioning|that went wrong|that worked}
        {nothing|everything|not everything|hardly anything|almost everything} {was {any}|worked|went wrong|went well|went smoothly|was as promised|failed|was to my taste}
        {it|this|that} {isn't|is not|wasn't|was not} {half |at all |nearly as |as |that |so |exactly |}{good|bad|{any}}{| as i feared| as i hoped| as people say| as last time|, to be fair|, honestly}
        {it|this|that} {isn't|is not|wasn't|was not} {a|the} {good|bad|{any}} {idea|choice|one|experience|deal|day|place|purchase}{|, not at all|, quite the opposite|, far from it}
        not {a|one} {single }{bad|good|dull|happy|boring|kind|wasted|nice} {word|moment|minute|thing|day|bite|page}
        {not|never|hardly ever|rarely|seldom} {disappointed|impressed|bored|pleased|let down|satisfied|sorry|a problem|a dull moment|had a better one|had a worse one|been so happy|been so angry}
        {far from|anything but|nothing short of|nothing but|close to|less than|more than} {any}
        {who|how} could {anyone|you} {dislike|like|not like|complain about|recommend} {this|it}
        what {a|an absolute|a complete|a real} {joy|mess|treat|letdown|waste|delight|farce|relief|surprise|shame|success|failure}
        {could|should|would} {not |}have been {any}{|er}
        {it|they} {failed to|did not fail to|managed to|never failed to|did not manage to} {impress|disappoint|please|annoy|entertain|convince me|surprise us}
        {i|we} {thought|feared|hoped|was told|expected} it would be {any}{, and it was|, and it was not|, but it wasn't|. it was {any}|, but it turned out {any}}
        {i|we} {was|were} {very|quite|not|never|pleasantly|rather|deeply|not at all} {happy|disappointed|impressed|surprised|annoyed|pleased|satisfied|sorry|upset|bored}
        {people} {loved|hated|liked|did not like|enjoyed|could not stand} {it|every minute|the whole thing}{|, i did not|, me too|, but i was bored|, but i had a great time|, and so did i|, i could not see why}
        {i|we} {used to|did not use to} {love|hate|like|avoid|recommend} {it|this place|them}{|, not any more|, now i can't stand it|, now i love it|, and i still do|, but they have changed|, but it has got better|, but it has got worse}
        {if only|i wish|too bad|good thing|thank god|luckily|sadly} {it worked|it was {any}|they had more of these|they would listen|it did not last longer|i kept the receipt|it ended soon|we went|it is gone|it is closed now}
        {great|oh great|brilliant|just perfect|lovely|fantastic|well done|thanks a lot}, {another {one that does not work|three hours of my life|bill|broken one}|it broke again|just what i needed|exactly what i wanted|it arrived in pieces|it arrived in time|they cancelled it|as always}
        {ten|five|four|three|two|one|zero|no} {stars|out of ten|thumbs up|thumbs down}
        {better|worse|cheaper|nicer|slower|faster|louder} than {the other|the last one|the old one|i expected|i feared|most|you would think|ever}
        {it|this} {costs|takes|has|comes with|weighs|lasts|seats} {four|twelve|thirty|ninety} {dollars|minutes|pounds|people|pages|parts|rooms|hours}
        {i|we} {bought|saw|read|visited|ordered|returned|opened|used} it {on monday|last week|in may|with {people}|at the station|for the second time}
    """,
}
"""One frame a line, for each kind of thing that people have opinions about."""

JOINTS = (
    ". ",
    ". ",
    ". ",
    ". ",
    ", ",
    " and ",
    ", and ",
    ", but ",
    ", but ",
    "; ",
    "! ",
    " - ",
    ". however, ",
    ". also, ",
)
OPENERS = ("",) * 14 + (
    "honestly, ",
    "well, ",
    "to be honest ",
    "update: ",
    "in short: ",
    "lol ",
    "overall ",
    "i must say ",
)
CLOSERS = ("",) * 14 + (
    " overall",
    " in my opinion",
    " for sure",
    " at all",
    " imo",
    " to say the least",
    " this time",
    " again",
)
ENDS = (".",) * 8 + ("", "", "", "!", "!", "!!", "...", "?", " :)", " :(")
COUNTS, COUNT_SHARES = (1, 2, 3, 4), (0.5, 0.28, 0.14, 0.08)
CAPITALS, SLIPS = 0.5, 0.06
"""The share of texts with capital letters, and of those with a slip of the finger."""


def everyday_texts(count: int, seed: tuple[int, ...]) -> list[str]:
    """Write texts of one to four frames about one kind of thing.

    Args:
        count: how many to try for; a text that comes out twice is kept once.
        seed: the same seed writes the same texts.
    """
    rng = np.random.default_rng(seed)
    frames = {
        kind: [line.strip() for line in lines.strip().split("\n")] for kind, lines in FRAMES.items()
    }
    kinds = list(frames)
    sizes = np.sqrt([len(frames[kind]) for kind in kinds])
    made: dict[str, None] = {}
    for _ in range(count):
        kind = kinds[int(rng.choice(len(kinds), p=sizes / sizes.sum()))]
        parts = []
        for _ in range(int(rng.choice(COUNTS, p=COUNT_SHARES))):
            source = frames["anything" if rng.random() < 0.15 else kind]
            parts.append(chosen(one_of(source, rng), rng))
        text = one_of(OPENERS, rng) + parts[0]
        for part in parts[1:]:
            text += one_of(JOINTS, rng) + part
        text = text + one_of(CLOSERS, rng) + one_of(ENDS, rng)
        if rng.random() < CAPITALS:
            text = FIRST_LETTER.sub(lambda letter: letter[0].upper(), text)
            text = re.sub(r"\bi\b", "I", text)
        if rng.random() < SLIPS:
            text = slipped(text, rng)
        made[text] = None
    return list(made)


def chosen(frame: str, rng: np.random.Generator) -> str:
    """Draw one of the choices of every pair of braces, from the innermost outwards."""

    def draw(match: re.Match[str]) -> str:
        return one_of(NAMED.get(match[1], match[1]).split("|"), rng)

    while CHOICE.search(frame):
        frame = CHOICE.sub(draw, frame)
    return " ".join(frame.replace(" ,", ",").replace(" .", ".").split())


def slipped(text: str, rng: np.random.Generator) -> str:
    """Leave a letter out, or exchange two, at one place."""
    at = int(rng.integers(len(text)))
    if rng.random() < 0.5:
        return text[:at] + text[at + 1 :]
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
