"""What stands in front of the tokenizer: one text for training, serving, files and pages.

People type an apostrophe in a dozen ways, or none; what is copied from a page brings its markup
along, and what went through a wrong decoding its debris. All of that is mended here, once, and
every character of the mended text knows which characters of the original it was made from.
Each mend takes time linear in the text, and none is tried where its signs do not occur.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html.entities import html5
from urllib.parse import unquote

from ftfy import fix_encoding
from ftfy.badness import is_bad
from ftfy.chardata import UTF8_DETECTOR_RE

from lstm_core.sentiment.emoji_words import emoji_word, shortcode_word
from lstm_core.sentiment.english import is_english

Match = re.Match[str]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A mended text, and where its characters come from.

    Attributes:
        text: what the tokenizer reads.
        starts: for each of its characters, the first character of the original that it was made
            from; None if the text has the original's length, character for character.
        ends: for each, the end of those; None likewise.
    """

    text: str
    starts: list[int] | None = None
    ends: list[int] | None = None

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Tell where ``text[start:end]`` stands in the original, ``start`` < ``end``."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


WORD = re.compile(r"[^\W_]*'?[^\W_]+")


@lru_cache(maxsize=1)
def _words_of(text: str) -> frozenset[str]:
    """Return the words of a text; two mends in a row ask for those of the same one."""
    return frozenset(WORD.findall(text.lower()))


@dataclass(frozen=True, slots=True)
class Mend:
    """One kind of mistake: how it is found, and what is put in its place.

    Attributes:
        signs: at least one of them stands in a text with the mistake; none if it is always sought.
        pattern: finds it.
        put: what is put in its place.
        ascii: whether a text of ASCII alone can have it.
        words: at least one of them stands in a text with the mistake, if there are any.
    """

    signs: tuple[str, ...]
    pattern: re.Pattern[str]
    put: Callable[[Match], str]
    ascii: bool = True
    words: frozenset[str] = frozenset()

    def is_for(self, text: str) -> bool:
        """Tell quickly whether a text may have the mistake."""
        if not self.ascii and text.isascii():
            return False
        if self.words:
            return not self.words.isdisjoint(_words_of(text))
        return not self.signs or any(sign in text for sign in self.signs)


def clean(text: str) -> str:
    """Mend a text.

    Args:
        text: any string, of any script.

    Returns:
        Plain text: no entities, no tags, one kind of apostrophe, no debris of a wrong decoding;
        negations and other short forms in full dress (didn't), emoji as words and star glyphs as
        ratings.
    """
    for mend in MENDS:
        if mend.is_for(text):
            text = mend.pattern.sub(mend.put, text)
    return text


def cleaned(text: str) -> Cleaned:
    """Mend a text as ``clean`` does, and keep where its characters come from."""
    starts: list[int] | None = None
    ends: list[int] | None = None
    for mend in MENDS:
        changes = list(_changes(mend, text)) if mend.is_for(text) else []
        if changes:
            if starts is None or ends is None:
                starts, ends = list(range(len(text))), list(range(1, len(text) + 1))
            text, starts, ends = _carried_out(changes, text, starts, ends)
    return Cleaned(text, starts, ends)


def _changes(mend: Mend, text: str) -> Iterator[tuple[int, int, str]]:
    for match in mend.pattern.finditer(text):
        put = mend.put(match)
        if put != match[0]:
            yield match.start(), match.end(), put


def _carried_out(
    changes: list[tuple[int, int, str]], text: str, starts: list[int], ends: list[int]
) -> tuple[str, list[int], list[int]]:
    """Carry changes out, and let every character that is put in know what it replaces.

    What a change leaves as it is at both ends keeps its place. What is put in between two
    characters belongs to the one behind; a word in the place of signs is made from all of them.
    """
    pieces: list[str] = []
    firsts: list[int] = []
    lasts: list[int] = []
    place = 0
    for start, end, put in changes:
        old = text[start:end]
        head = _shared(old, put)
        tail = _shared(old[head:][::-1], put[head:][::-1])
        new = put[head : len(put) - tail]
        low, high = start + head, end - tail
        pieces += (text[place:low], new)
        firsts += starts[place:low]
        lasts += ends[place:low]
        shared_out = " " not in new and len(new) <= high - low
        count = max(1, len(new))
        cuts = [low + i * (high - low) // count for i in range(count + 1)]
        if shared_out:
            firsts += [starts[cut] for cut in cuts[: len(new)]]
            lasts += [ends[cut - 1] for cut in cuts[1 : len(new) + 1]]
        else:
            first, last = (low, high) if low < high else (low, low + 1)
            firsts += [starts[min(first, len(starts) - 1)]] * len(new)
            lasts += [ends[min(last, len(ends)) - 1]] * len(new)
        place = high
    pieces.append(text[place:])
    return "".join(pieces), firsts + starts[place:], lasts + ends[place:]


def _shared(one: str, other: str) -> int:
    """Count the characters at the beginning that two strings share."""
    pairs = enumerate(zip(one, other, strict=False))
    differing = (place for place, (left, right) in pairs if left != right)
    return next(differing, min(len(one), len(other)))


# Markup.

WORDS_TOO = {"not", "para", "sect", "reg", "times", "yen", "cent", "pound", "copy", "shy", "deg"}
WITHOUT_SEMICOLON = [
    name
    for name in sorted(html5, key=len, reverse=True)
    if name[-1] != ";" and name not in WORDS_TOO
]
"""Entities that browsers read without a semicolon, less those that a word may begin with."""
ENTITY = re.compile(
    r"&(?:amp;){0,8}(?:#[0-9]{1,7};?|#x[0-9a-f]{1,6};?|[a-z][a-z0-9]{1,31};"
    rf"|{'|'.join(WITHOUT_SEMICOLON)})",
    re.IGNORECASE,
)
ESCAPED_AMPERSAND = re.compile("^&(?:amp;)+", re.IGNORECASE)


def _entity(match: Match) -> str:
    """Read an entity as a browser does, however many times its ampersand was escaped."""
    entity = ESCAPED_AMPERSAND.sub("&", match[0])
    meant = html.unescape(entity)
    return match[0] if meant == entity != "&" else meant


NOT_TEXT = re.compile(
    r"<(script|style|head)\b[^<>]{0,400}>(?:[^<]|<(?!/?\1\b))*</\1\s*>", re.IGNORECASE
)
"""What stands in a page's source but is not on the page."""
TAG = re.compile(
    r"<(?:/?(br|p|div|li|ul|ol|td|tr|th|table|tbody|thead|tfoot|caption|hr|h[1-6]|blockquote|pre"
    r"|section|article|header|footer|main|nav|aside|figure|figcaption|details|summary|dl|dt|dd"
    r"|html|head|body|title|meta|link|address|form|fieldset|legend|label|input|button|select"
    r"|option|textarea|iframe|video|audio|source|svg|picture|noscript)"
    r"|/?(?:b|i|u|em|s|q|strong|span|a|font|small|big|sup|sub|cite|mark|img|tt|code|center"
    r"|abbr|del|ins|strike|kbd|wbr|time))"
    r"(?:\s[^<>]{0,400})?/?>|<!--[^<>]{0,400}-->|<!doctype\b[^<>]{0,400}>|<!\[CDATA\[|\]\]>",
    re.IGNORECASE,
)
BRACKET_TAG = re.compile(
    r"\[/?(?:b|i|u|s|h[1-6]|url|img|quote|spoilers?|list|olist|\*|code|table|t[rdh]|strike|size"
    r"|color|font|center|hr|noparse)(?:=[^\]\[\n]{0,400})?\]",
    re.IGNORECASE,
)
"""A tag as forums write it; it is looked for only where one is closed, as in [/b]."""
ADDRESS = re.compile(
    r"(?:\bhttps?://|\bwww\.(?=\w))[^\s<>()\[\]\"']*[^\s<>()\[\]\"'.,!?;:…]"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{0,64}\w",
    re.IGNORECASE,
)
"""Of a page or a mailbox."""
PERCENT = re.compile(r"(?<=[A-Za-z.,!?])(?:%[0-9A-F]{2}){1,12}(?=\w)", re.IGNORECASE)
"""How an address writes blanks and apostrophes; behind a number it is a percentage."""
QUOTED = re.compile(
    r"(?:=(?:C[2-9A-F]|D[0-9A-F]|E[0-9A-F]|F[0-4])(?:=[89AB][0-9A-F]){1,3})+|(?<=\w)=\r?\n(?=\w)"
)
"""How an e-mail writes what is not ASCII (quoted-printable), and where it breaks a line."""


def _quoted(match: Match) -> str:
    """Read quoted-printable; a line that was broken for the e-mail's sake is one again."""
    if match[0][1:].isspace():
        return ""
    return bytes.fromhex(match[0].replace("=", "")).decode("utf-8", "replace")


HELPFUL = re.compile(
    r"(?:\b(?:\d[\d,.]{0,9}|one)[ ](?:(?:out[ ])?of[ ]\d[\d,.]{0,9}[ ])?"
    r"(?:(?:people|person|users?|customers?|members?)[ ])?found[ ]this[ ](?:review[ ])?"
    r"(?:to[ ]be[ ])?(?:helpful|useful|funny)\b"
    r"|\bwas[ ]this[ ](?:review|comment)[ ](?:helpful|useful)(?:[ ]to[ ]you)?[ ]?\?)"
    r"(?:[.\s|·]{0,8}\b(?:helpful|report(?:[ ]abuse)?|comment|share|permalink|yes|no"
    r"|sign[ ]in[ ]to[ ]vote)\b[.]?(?=\s|$))*",
    re.IGNORECASE,
)
"""What a shop or a forum writes below a review: how many found it helpful, and its buttons."""


def _tag(match: Match) -> str:
    """Put a blank for a tag that parts lines, and nothing for one inside of them."""
    return " " if match[1] else ""


ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})|\\{1,4}(['\"])|(?<![:\w\\])(?:\\[rn]){1,8}")


def _escaped(match: Match) -> str:
    """Read what JSON or a programming language escapes."""
    if match[1]:
        character = chr(int(match[1], 16))
        return match[0] if "\ud800" <= character <= "\udfff" else character
    return match[2] or " "


BRACKET = re.compile(r"-[lr][rsc]b-", re.IGNORECASE)
BARE_BREAKS = re.compile(r"\bbr\b[ /]{1,8}(?:br\b[ /]{0,8})+")
"""What is left of line breaks where their brackets were taken away."""

# Wrong decodings.


def _mojibake(match: Match) -> str:
    """Undo the reading of UTF-8 as another code: â€™ was an apostrophe."""
    return fix_encoding(match[0]) if is_bad(match[0]) else match[0]


SHORT_ENDING = r"(?=(?:s|t|m|re|ve|ll|d)\b)"
LOST = re.compile(
    rf"(?<=\w)(?:â€[?\ufffd]?|\ufffd{{1,3}}){SHORT_ENDING}|(?<=[a-z])Õ{SHORT_ENDING}",
    re.IGNORECASE,
)
"""An apostrophe of which a part is left, or that an old Mac wrote."""


def _c1_repairs() -> dict[int, str]:
    """Map C1 control characters to the cp1252 punctuation that they were before a bad decoding."""
    repairs = {}
    for code in range(0x80, 0xA0):
        try:
            repairs[code] = bytes([code]).decode("cp1252")
        except UnicodeDecodeError:
            repairs[code] = " "
    return repairs


C1_REPAIRS = _c1_repairs()
THROUGH_DOS_OR_MAC = {
    sign.encode().decode(code): sign
    for code in ("cp437", "cp850", "mac_roman")
    for sign in "‘’“”–—…"
}
"""Quotation marks and dashes in UTF-8 that were read in a code of DOS or of the old Mac."""
DOS_OR_MAC = re.compile("|".join(map(re.escape, THROUGH_DOS_OR_MAC)))
APOSTROPHES = (
    "\u0091\u0092\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u0374\u0384\u055a"
    "\u05f3\u07f4\u1fbd\u1fbf\u1fef\u1ffd\u2018\u2019\u201a\u201b\u2032\u2035\u275b\u275c\ua78c"
    "\uff07\uff40"
)


def _same_place() -> dict[int, str]:
    """Map characters to plain ones, one to one: full-width and circled letters, apostrophes."""
    table = dict(C1_REPAIRS)
    wide = (*range(0xFF01, 0xFF5F), *range(0x2460, 0x2469), *range(0x24B6, 0x24EA))
    blanks = (*range(0x2000, 0x200B), 0x00A0, 0x202F, 0x205F, 0x3000)
    for code in (*wide, *blanks):
        table[code] = unicodedata.normalize("NFKC", chr(code))
    more = {"\u2044\u2215": "/", "。": ".", "‼❗❕﹗": "!", "⁇⁈⁉‽❓❔﹖": "?", APOSTROPHES: "'"}
    return table | {ord(sign): plain for signs, plain in more.items() for sign in signs}


SAME_PLACE = _same_place()
BLANK_SIGNS = "".join(chr(code) for code, plain in SAME_PLACE.items() if plain == " ")
SINGLE = re.compile(
    f"[{re.escape(BLANK_SIGNS)}]|[{re.escape(''.join({*map(chr, SAME_PLACE)} - {*BLANK_SIGNS}))}]+"
)
"""Blanks one by one, so that a word beside them keeps its own place."""
SMALL_CAPITALS = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz"
FANCY_RANGES = (
    "\u1d00-\u1d6a\u2070-\u209c\u2100-\u2138ꜰꜱɢʜɪʟɴʀʙʏ\U0001d400-\U0001d7ff\U0001f130-\U0001f189"
)


def _plain_letters() -> dict[int, str]:
    """Map letters in bold, in script, in a box, above the line, or as small capitals, to plain ones."""
    table = {ord(small): plain for small, plain in zip(*SMALL_CAPITALS, strict=True)}
    for first in (0x1F130, 0x1F150, 0x1F170):
        table |= {first + i: chr(ord("A") + i) for i in range(26)}
    for sign in map(chr, (*range(0x1D00, 0x2139), *range(0x1D400, 0x1D800))):
        plain = unicodedata.normalize("NFKC", sign)
        is_digit = plain.isdigit() and ord(sign) >= 0x1D400
        if FANCY.fullmatch(sign) and len(plain) == 1 and (plain.isalpha() or is_digit):
            table.setdefault(ord(sign), plain)
    return table


FANCY = re.compile(f"[{FANCY_RANGES}]+")
PLAIN_LETTERS = _plain_letters()
UNSEEN = re.compile(
    "[\u00ad\u034f\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
    "|(?<=[\\w'])\u200d+(?=[\\w'])"
)
"""Signs that nobody sees: soft hyphens, blanks of no width, directions of writing."""
LOOKALIKES = str.maketrans(
    "аеорсхуіѕјһԁԛԝАВЕКМНОРСТХУІЅЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανρυ",
    "aeopcxyisjhdqwABEKMHOPCTXYISJABEZHIKMNOPTYXoavpu",
)
ALIKE = "".join(map(chr, LOOKALIKES))
MIXED = re.compile(
    f"(?<![^\\W_])(?=[{ALIKE}]*[A-Za-z])(?=[A-Za-z]*[{ALIKE}])[A-Za-z{ALIKE}]+(?![^\\W_])"
)
"""A word of Latin letters with Cyrillic or Greek ones among them that look the same."""
ACCENT = re.compile("(?<=[^\\W\\d_])[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+")
FRACTION = re.compile(r"((?<=\d) ?(?=[½¼¾] ?/))?([½¼¾])")
FRACTIONS = {"½": (".5", " 1/2 "), "¼": (".25", " 1/4 "), "¾": (".75", " 3/4 ")}


def _fraction(match: Match) -> str:
    """Write 7½/10 as 7.5/10, and ½ elsewhere as 1/2."""
    return FRACTIONS[match[2]][match[1] is None]


# Stars, emoji and hearts.

FULL, EMPTY = "★⭐🌟✮✭✯⭑", "☆✩✰⭒"
STAR = rf"[{FULL}]\ufe0f?"
STARS = re.compile(
    rf"(?<![\d./,])(10|\d(?:[.,]\d)?)[ ]?(?:[x×][ ]?)?{STAR}(?![ ]?[{FULL}{EMPTY}])"
    rf"|(?<![{FULL}{EMPTY}\ufe0f]){STAR}[ ]?[x×][ ]?(10|\d)(?![\d/]|[.,]\d)"
    rf"|({STAR}(?:[ ]{STAR}(?![{FULL}½])){{1,9}}|(?:{STAR}){{1,10}})(½|1/2)?"
    rf"[ ]?((?:[{EMPTY}]\ufe0f?[ ]?){{0,9}})(?:(?:/|out[ ]of)[ ]?(\d{{1,2}}))?"
)


def _stars(match: Match) -> str:
    """Write stars as the rating that they are; one alone, without empty ones, is an ornament."""
    if number := match[1] or match[2]:
        given = float(number.replace(",", "."))
        return f" {given:g}/{5 if given <= 5 else 10} "
    full = sum(map(match[3].count, FULL))
    empty = sum(map(match[5].count, EMPTY))
    if full + empty == 1 and not match[4] and not match[6]:
        return " "
    given = full + (0.5 if match[4] else 0.0)
    if match[6]:
        most = int(match[6])
    elif empty:
        most = full + empty + (match[4] is not None and full + empty in {4, 9})
    else:
        most = 5 if given <= 5 else 10
    if most == 4 and given <= most:
        return f" {2.5 * given:g}/10 "
    return f" {given:g}/{most} "


DOTS = re.compile(r"(?<![●○])(?=[●○]{5}(?![●○]))(●{1,5})○*")
"""Five dots, of which the filled ones are the rating."""
RATED = re.compile(
    r"(?<![\w.,/])(?:(\d(?:[.,]\d)?|one|two|three|four|five|zero)"
    r"(?:([ ]stars?)[ ]out[ ]of[ ](?:a[ ]possible[ ])?|[ ](?:out[ ])?of[ ](?:a[ ]possible[ ])?)"
    r"(?:5|five)([ ]stars?)?(?![\w/]|[.,]\d)(?(2)|(?(3)|(?=[ ]?(?:[.!?,;:()\n<]|$))))"
    r"|(\d[.,]\d)[ ](?:out[ ])?of[ ](?:a[ ]possible[ ])?10\b(?![.,/]\d))",
    re.IGNORECASE,
)
"""4 out of 5 stars, 4 stars out of 5, and 7.5 out of 10; but not four out of five people."""
SPELT = {"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}


def _rated(match: Match) -> str:
    """Write a rating with a stroke: the point of 4.5 out of 5 would end a sentence."""
    given = match[1] or match[4]
    number = SPELT.get(given.lower(), given.replace(",", "."))
    return f"{float(number):g}/{5 if match[1] else 10}"


KEYCAP = re.compile("([0-9])\ufe0f?\u20e3|\U0001f51f")
SIGN = "[\u231a-\u23ff\u2600-\u27bf\u2b05-\u2b55\U0001f000-\U0001faff]"
WORN = "[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]*"
EMOJI = re.compile(rf"({SIGN}{WORN}(?:\u200d{SIGN}{WORN})*)(?:[ ]?\1)*")
HEART = re.compile(r"(?<![\w/<])<(/?)3+(?![\w.,/%]|\s?(?:stars?|out|of|points?)\b)")


def _emoji(match: Match) -> str:
    """Put the word that an emoji stands for; the same one many times counts once."""
    return f" {emoji_word(match[1])} "


SHORTCODE = re.compile(r"(?<!\w):[a-z][a-z0-9_+-]{1,40}:(?!\w)")


def _shortcode(match: Match) -> str:
    """Read :heart: as the emoji that it names."""
    word = shortcode_word(match[0])
    return match[0] if word is None else f" {word} "


# Words that were cut, spaced out or made decent.

CUT = re.compile(
    r"(?<![^\W\d_])([^\W\d_]{2,20})[-\u2010\u00ad]\r?\n[ \t]{0,8}([a-z]{2,20})(?![^\W\d_])"
)
SPACED = re.compile(r"(?<![^\W_]|['’.-])(?:[A-Za-z] ){3,20}[A-Za-z](?![^\W_]|['’-])")


def _cut(match: Match) -> str:
    """Join a word that was cut at the end of a line; well-made keeps its hyphen."""
    joined = match[1] + match[2]
    return joined if is_english(joined.lower()) else match[0]


def _spaced(match: Match) -> str:
    """Join B O R I N G if that gives a word."""
    joined = match[0].replace(" ", "")
    return joined if is_english(joined.lower()) else match[0]


SWEARING = """
    shit shitty bullshit horseshit shitshow fuck fucks fucked fucker fuckers fucking fuckin
    motherfucker motherfuckers motherfucking crap crappy damn damned goddamn bitch bitches asshole
    assholes ass asses badass dick dicks piss pissed hell bastard bastards cunt whore slut suck
    sucks sucked
"""
CENSORED = re.compile(
    r"(?<![\w*@$#])(?:f[-'](?=ing\b|in\b|ed\b)|[a-z]{1,10}[*@$!#%]{1,6}(?=[a-z]))"
    r"(?:[a-z]{1,10}(?:[*@$!#%]{1,4}[a-z]{1,10}){0,2})?(?![\w*@$#])",
    re.IGNORECASE,
)
HYPHENS = ("-", "'")
VEILS = re.compile(r"[^a-z]+", re.IGNORECASE)


@lru_cache(maxsize=4_096)
def _sworn(word: str) -> str | None:
    """Return the swear word that a veiled one stands for, in lower case; None if it is none."""
    pattern = VEILS.sub(
        lambda veil: rf"[a-z]{{1,{3 if veil[0] in HYPHENS else len(veil[0])}}}", word
    )
    found = re.search(rf"\b{pattern}\b", SWEARING)
    return found[0] if found else None


def _censored(match: Match) -> str:
    """Write what sh*t, f***ing and cr@p stand for."""
    word = _sworn(match[0].lower())
    if word is None:
        return match[0]
    return word.upper() if match[0].isupper() else word


# Apostrophes that are missing, doubled or apart.

DOUBLED = re.compile(f"(?<=[A-Za-z])''{SHORT_ENDING}", re.IGNORECASE)
NEGATED = "did|does|do|is|was|are|were|has|have|had|could|should|would|must|need|might|ai"
SHORT = {
    "s": "that there what who where here he she",
    "re": "you they",
    "ve": "i you we they would could should might must",
    "ll": "you they that there it",
    "d": "you they",
    "m": "i",
}
"""Words that an ending follows, with nothing between them, that are no other word then."""
APART = {"re": "we who", "ll": "i he she we", "d": "i he she it we"}
"""Words that an ending follows that would be another word without anything between them."""


def _with_ending(ending: str) -> str:
    """Write the pattern of all words with one ending; blanks or an apostrophe are between them."""
    together, apart = (named.get(ending, "").replace(" ", "|") for named in (SHORT, APART))
    between = f"{BLANKS}'" if ending == "d" else f"{BLANKS}'?"
    return f"(?:{together})(?:{between})?{ending}" + (
        f"|(?:{apart}){between}{ending}" if apart else ""
    )


BLANKS = "[ ]{1,3}"
SHORT_FORM = re.compile(
    rf"""\b(?:
      (?P<negated>{NEGATED}) (?: '?nt | n(?:'{BLANKS}|{BLANKS}'?|[^\w\s']{{1,3}}'?)t | {BLANKS}n['"; ]?t )
    | (?P<misspelt>dose'?n'?t|dosn'?t|d(?:id|oes)n'nt)
    | (?P<can>can|won) (?:{BLANKS}'?|[;"?,*^/\ufffd-]{{1,3}}|'{BLANKS})t
    | (?P<apart>ca|wo){BLANKS}n['"; ]?t
    | {"|".join(map(_with_ending, SHORT))}
    | (?<=[a-z][a-z]){BLANKS}s
    )(?!['\w])""",
    re.VERBOSE | re.IGNORECASE,
)
SHORT_SIGNS = frozenset(
    [f"{word}{ending}" for ending, words in SHORT.items() for word in words.split()]
    + [f"{word}{ending}" for word in NEGATED.split("|") for ending in ("nt", "'nt")]
    + ["dosent", "dose'nt", "dosen't", "dosnt", "dosn't", "didn'nt", "doesn'nt", "n't", "nt", "'nt"]
    + ["t", "'t", "s", "re", "'re", "ve", "'ve", "ll", "'ll", "'d", "m", "'m"]
)
"""At least one of these words stands in a text in which ``SHORT_FORM`` finds anything."""
ENDING = re.compile(r"[ ']*(s|re|ve|ll|d|m)$", re.IGNORECASE)


def _short_form(match: Match) -> str:
    """Write didnt, did nt, did n't, didn t and didn;t as didn't, and likewise the others."""
    kind = match.lastgroup
    if kind is None:
        return ENDING.sub(r"'\1", match[0])
    stem = match[kind]
    if kind == "misspelt":
        return f"{stem[0]}idn't" if stem[1] in "iI" else f"{stem[:2]}esn't"
    return f"{stem}'t" if kind == "can" else f"{stem}n't"


VERBS = (
    "be|have|never|not|always|give|say|admit|definitely|probably|just|tell|take|make|see|watch|get"
    "|keep|try|stick|stop|start|let|buy|rent|go|still|also|pass|skip|leave|add|end|find|need|want"
)
WISHES = (
    "like|love|rather|say|have|give|recommend|never|be|watch|rate|probably|definitely|really|still"
    "|go|see|suggest|expected|hoped|heard|seen|read|been|prefer|call|put|even|also|just|wanted|buy"
)


def _not_behind(words: str, word: str) -> str:
    """Write the pattern of a word, less where one of others stands before it."""
    return word + "".join(rf"(?<!\b{other}[ ]{word})" for other in words.split())


DOUBTFUL = re.compile(
    rf"""\b(?:
      {_not_behind("the of a this his pious and religious political moral", "cant")}
    | {_not_behind("his her their its our my your as was is are", "wont")}(?![ ]to\b)
    | {_not_behind("so very was is are were be fell mentally terminally", "ill")}(?=[ ](?:{VERBS})\b)
    | id(?=[ ](?:{WISHES})\b)
    | s?hell(?=[ ](?:be|never|always|have[ ]to|probably)\b)
    )(?!['\w])""",
    re.VERBOSE | re.IGNORECASE,
)
DOUBTFUL_SIGNS = frozenset({"cant", "wont", "ill", "id", "hell", "shell"})
WORTH = re.compile(r"\b(money|penny|hour|day|week|night|year)s(?= worth\b)", re.IGNORECASE)
WE_WILL = re.compile(
    r"(?:^|(?<=[.!?,;] )|(?<=\bso )|(?<=\bthat )|(?<=\bif ))well"
    r"(?= (?:be (?:seeing|back|able|talking|going)|never|have to|see more)\b)",
    re.IGNORECASE,
)
WE_ARE = re.compile(
    r"(?:^|(?<=[.!?;] ))were(?= (?:all|gonna|supposed|talking|stuck|never|not)\b(?![^.!?]{0,80}\?))",
    re.IGNORECASE,
)


def _doubtful(match: Match) -> str:
    """Write a word that is also another one as a short form, where its neighbours say so."""
    word = match[0]
    cut = {"cant": 3, "wont": 3, "ill": 1, "id": 1, "hell": 2, "shell": 3, "well": 2, "were": 2}
    place = cut[word.lower()]
    return f"{word[:place]}'{word[place:]}"


def _always(put: str) -> Callable[[Match], str]:
    return lambda _: put


MENDS = (
    Mend(("&",), ENTITY, _entity),
    Mend(("\\",), ESCAPED, _escaped),
    Mend(("=\n", "=\r\n", "=C", "=E"), QUOTED, _quoted),
    Mend(("%",), PERCENT, lambda match: unquote(match[0])),
    Mend(("ΓÇ", "ÔÇ", "‚Ä"), DOS_OR_MAC, lambda m: THROUGH_DOS_OR_MAC[m[0]], ascii=False),
    Mend((), UTF8_DETECTOR_RE, _mojibake, ascii=False),
    Mend(("\ufffd", "â€", "Õ"), LOST, _always("'"), ascii=False),
    Mend((), SINGLE, lambda match: match[0].translate(SAME_PLACE), ascii=False),
    Mend((), FANCY, lambda match: match[0].translate(PLAIN_LETTERS), ascii=False),
    Mend(("`",), re.compile("`"), _always("'")),
    Mend(("-\n", "-\r\n", "\u2010\n", "\u2010\r\n", "\u00ad\n"), CUT, _cut),
    Mend((), UNSEEN, _always(""), ascii=False),
    Mend((), MIXED, lambda match: match[0].translate(LOOKALIKES), ascii=False),
    Mend(("</",), NOT_TEXT, _always(" ")),
    Mend(("<",), TAG, _tag),
    Mend(("[/",), BRACKET_TAG, _always(" ")),
    Mend((">!", "!<"), re.compile(r"(?<!\S)>!|!<(?!\S)"), _always(" ")),
    Mend(("://", "www.", "WWW.", "@"), ADDRESS, _always(" ")),
    Mend(("elpful", "seful", "found this funny"), HELPFUL, _always(" ")),
    Mend(("<3", "</3"), HEART, lambda match: " :( " if match[1] else " love "),
    Mend(("^",), re.compile(r"(?<!\w)\^[_.-]?\^(?!\w)"), _always(" :) ")),
    Mend(("rb-", "RB-", "sb-", "SB-"), BRACKET, _always(" ")),
    Mend(("br ",), BARE_BREAKS, _always(" ")),
    Mend((), ACCENT, _always(""), ascii=False),
    Mend(tuple(FULL), STARS, _stars, ascii=False),
    Mend(("½", "¼", "¾"), FRACTION, _fraction, ascii=False),
    Mend(("\u20e3", "\U0001f51f"), KEYCAP, lambda match: match[1] or "10", ascii=False),
    Mend((), EMOJI, _emoji, ascii=False),
    Mend((":",), SHORTCODE, _shortcode),
    Mend(("●",), DOTS, lambda match: f" {len(match[1])}/5 ", ascii=False),
    Mend((" of 5", " of five", " of 10", " of a possible"), RATED, _rated),
    Mend((*"*@$!#%", "f-", "F-", "f'", "F'"), CENSORED, _censored),
    Mend((), SPACED, _spaced),
    Mend(("''",), DOUBLED, _always("'")),
    Mend((), SHORT_FORM, _short_form, words=SHORT_SIGNS),
    Mend((), DOUBTFUL, _doubtful, words=DOUBTFUL_SIGNS),
    Mend(("s worth",), WORTH, lambda match: f"{match[1]}'s"),
    Mend(("ell be ", "ell never", "ell have to", "ell see more"), WE_WILL, _doubtful),
    Mend(("Were ", ". were ", "! were ", "? were ", "; were "), WE_ARE, _doubtful),
)
"""In the order in which they are made: what one leaves, the next one reads."""
