"""What is mended in front of the tokenizer, and that every character knows where it came from."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.sentiment import cleaning
from lstm_core.sentiment.cleaning import clean, cleaned
from lstm_core.sentiment.emoji_words import emoji_word
from lstm_core.sentiment.tokenizer import tokenize, words

SHORTCODE_TAIL = ["10", "30", "no", "such", "thing"]
APOSTROPHES = "'’‘´`′ʼ＇ʻ‛"
FORMS = (
    *(f"didn{sign}t" for sign in APOSTROPHES),
    *(
        "didnt",
        "did nt",
        "did n't",
        "didn t",
        "didn  t",
        "didn;t",
        "didn*t",
        "didn???t",
        "didn-t",
        "didn''t",
        "did'nt",
        "DIDNT",
    ),
    *("didn&#39;t", "didn&#39t", "didn&apos;t", "didn&amp;#39;t", "didn&amp;amp;#x27;t"),
    *("didn&rsquo;t", "didn\\u2019t", "didn\\'t", "didn\x92t", "ｄｉｄｎ＇ｔ"),
    *("didnâ€™t", "didnÃ¢â‚¬â„¢t", "didnâ\x80\x99t", "didn\ufffdt", "<i>didn</i>'t"),
    *("didnΓÇÖt", "didnÔÇÖt", "didn‚Äôt", "didnÕt", "didn%27t", "didn=E2=80=99t"),
    *("didn'\u200bt", "didn\u200bt", "didn\u00adt", "𝐝𝐢𝐝𝐧’𝐭"),
)


@pytest.mark.parametrize("form", FORMS)
def test_a_negation_is_read_however_its_apostrophe_is_written(form):
    assert words(f"I {form} like it.") == ["i", "didn't", "like", "it", "."]
    text = f"I {form} like it."
    token = tokenize(text)[1]
    assert text[token.start : token.end] in {form, form.removeprefix("<i>")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("thats what shes, its theyre", "that's what she's, its they're"),
        ("Im sure ive wouldve", "I'm sure i've would've"),
        ("ca n't, wo n't, ai n't, i 'm, they 're", "can't, won't, ain't, i'm, they're"),
        ("it s the money s worth", "it's the money's worth"),
        ("You dont get your moneys worth", "You don't get your money's worth"),
        ("he dosent, dosen't, does'nt", "he doesn't, doesn't, doesn't"),
        ("I cant, the cant of it", "I can't, the cant of it"),
        ("I wont, as is his wont, wont to do", "I won't, as is his wont, wont to do"),
        ("id like it, the id", "i'd like it, the id"),
        ("ill never watch it; he is ill never mind", "i'll never watch it; he is ill never mind"),
        ("hell be back, to hell with it", "he'll be back, to hell with it"),
        ("well see more. All is well never mind", "we'll see more. All is well never mind"),
        ("Were not amused. Were not you there?", "We're not amused. Were not you there?"),
        ("It went well. They were not bad.", "It went well. They were not bad."),
    ],
)
def test_short_forms_without_an_apostrophe(text, expected):
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a &lt;br /&gt; b", ["a", "b"]),
        ("<p>un<b>real</b></p><br/>", ["unreal"]),
        ("fun.  br    br   no fun", ["fun", ".", "no", "fun"]),
        (
            "&quotgreat&quot caf&eacute; AT&T this&that",
            ["great", "cafe", "at", "t", "this", "that"],
        ),
        ("-LRB- good -RRB-", ["good"]),
        ("good.\\n\\nWe left", ["good", ".", "we", "left"]),
        ("Re\u0301sume\u0301 ⓖood ＧＲＥＡＴ！", ["resume", "good", "great", "!"]),
        ("★★★★☆ ★★ ★★½ ★☆☆☆☆", ["4/5", "2/5", "2.5/5", "1/5"]),
        ("5★, 4.5 ⭐, 8★, ★★★/4, ★★★ out of 4", ["5/5", "4.5/5", "8/10", "7.5/10", "7.5/10"]),
        ("★ a great film ★", ["a", "great", "film"]),
        (
            "7½/10, 2½ stars, 8,5/10, １０／１０, 8️⃣/🔟",
            ["7.5/10", "2", "1/2", "stars", "8.5/10", "10/10", "8/10"],
        ),
        ("I <3 it </3 rated <3 stars", ["i", "love", "it", ":(", "rated", "3", "stars"]),
        (":-) =) :] :'( :-/ ;-) :D ^_^", [":)", ":)", ":)", ":(", ":/", ";)", ":d", ":)"]),
        ("(1978) 8) what", ["1978", "8", "what"]),
        ("soooooo goooooood", ["sooo", "goood"]),
        ("gr\u202eeat g\u200bood", ["great", "good"]),
        ("what‽ ok‼️", ["what", "?", "ok", "!"]),
        ("good :heart: :-) 10:30: :no_such_thing:", ["good", "love", ":)", *SHORTCODE_TAIL]),
        ("so funny :'D :'(", ["so", "funny", ":d", ":("]),
        ("⭐️x5, 4 x ⭐, ★1/2, ⭑⭑⭒⭒⭒, ●●●○○", ["5/5", "4/5", "1.5/5", "2/5", "3/5"]),
        ("4.0 out of 5 stars Fine", ["4/5", "fine"]),
        ("4 stars out of five. 7.5 of 10", ["4/5", ".", "7.5/10"]),
        ("Four out of five people left", ["four", "out", "of", "five", "people", "left"]),
        ("8 out of 10", ["8", "out", "of", "10"]),
    ],
)
def test_markup_ratings_and_signs(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("𝗴𝗿𝗲𝗮𝘁 𝓯𝓲𝓵𝓶 𝟐/𝟏𝟎", "great film 2/10"),
        ("🅶🆁🅴🅰🆃 ɢʀᴇᴀᴛ ᵍʳᵉᵃᵗ ⓖⓡⓔⓐⓣ", "great great great great"),
        ("grеat, lοved", "great loved"),
        ("Отличный фильм", "отличныи фильм"),
        ("a won-\nder, beau‐\r\n  tiful, ter\u00ad\nrible", "a wonder beautiful terrible"),
        ("a well-\nmade film", "a well made film"),
        ("B O R I N G. I a m a b c", "boring . i a m a b c"),
        ("sh*t, cr@p, f***ing, f-ing, BULL$HIT", "shit crap fucking fucking bullshit"),
        ("*not* good!Now a*b", "not good ! now a b"),
        ("see https://x.example/a?b=c_d. Or ask me@x.example!", "see . or ask !"),
        ("I%20liked%20it, 100%20 of it", "i liked it 100 20 of it"),
        ("It moved me to te=\nars", "it moved me to tears"),
        ("[b]A fine film[/b] [url=http://x.example]here[/url]", "a fine film here"),
        ("[s]he is fine", "s he is fine"),
        ("fine >!he dies!< end", "fine he dies end"),
        ("<style>p { a: b }</style><main><p>fine</p></main>", "fine"),
        ("<script>if (a < b) c()</script><script>d()</script>fine", "fine"),
        ("a <script> of no end", "a script of no end"),
        ("Fine.\n12 people found this helpful\nHelpful\nReport abuse", "fine ."),
        ("Fine. 3 out of 41 found this helpful. Was this review helpful? Permalink", "fine . ."),
        ("Helpful\nstaff found this", "helpful staff found this"),
    ],
)
def test_odd_letters_and_furniture(text, expected):
    assert " ".join(words(text)) == expected


def test_wide_letters_and_blanks_keep_their_places():
    text = "Ｉ　ｄｏｎ＇ｔ　ｌｉｋｅ　ｉｔ"
    assert [text[t.start : t.end] for t in tokenize(text)] == [
        "Ｉ",
        "ｄｏｎ＇ｔ",
        "ｌｉｋｅ",
        "ｉｔ",
    ]


@pytest.mark.parametrize(
    ("sign", "word"),
    [
        ("💗", "love"),
        ("❤️", "love"),
        ("♥", "love"),
        ("♡", "love"),
        ("🩷", "love"),
        ("👍🏽", "great"),
        ("👎", "bad"),
        ("💔", ":("),
        ("😂", "lol"),
        ("😊", ":)"),
        ("🤮", "disgusting"),
        ("🙄", "ugh"),
        ("🤷‍♀️", "meh"),
        ("🍿", "popcorn"),
        ("🇩🇪", ""),
        ("👨‍👩‍👧", ""),
        ("✔", ""),
    ],
)
def test_an_emoji_is_read_as_what_it_says(sign, word):
    assert emoji_word(sign) == word
    assert words(f"A film{sign}") == ["a", "film", *([word] if word else [])]
    assert words(f"{sign} {sign}{sign}") == ([word] if word else [])


def test_what_every_emoji_says_is_known_to_the_network(reader):
    from emoji import EMOJI_DATA

    said = {emoji_word(sign) for sign in EMOJI_DATA} - {""}
    assert len(said) > 20
    assert all(word in reader.vocabulary for word in said)


@given(
    st.text(
        st.sampled_from(
            "a b'’n t&#39;x<br/>𝗴\u200b\u3000Ｉа*@●-\n★½😍❤️👍🏽e\u0301Ã©â€™\\\ufffd7/10."
        ),
        max_size=60,
    )
)
def test_what_is_mended_keeps_its_order_and_its_place(text):
    mended = cleaned(text)
    assert mended.text == clean(text)
    ends = [0]
    for token in tokenize(text):
        assert ends[-1] <= token.start < token.end <= len(text)
        ends.append(token.end)


@given(
    st.lists(
        st.sampled_from(
            [
                "i",
                "you",
                "we",
                "they",
                "he",
                "she",
                "it",
                "that",
                "did",
                "does",
                "n't",
                "nt",
                "'t",
                "t",
                "s",
                "'s",
                "re",
                "'ve",
                "ll",
                "d",
                "m",
                "can",
                "cant",
                "won",
                "wont",
                "ill",
                "id",
                "be",
                "like",
                "DIDNT",
                "dosen't",
                "well",
                "were",
                "the",
                "not",
                ",",
                ";",
            ]
        ),
        max_size=12,
    )
)
def test_no_short_form_is_missed_because_it_was_not_looked_for(some):
    """A mend is tried only where one of its words stands; so its pattern may find nothing elsewhere."""
    text = " ".join(some)
    for mend in cleaning.MENDS:
        if not mend.is_for(text) and (mend.words or mend.signs):
            assert mend.pattern.sub(mend.put, text) == text, mend.pattern.pattern


@pytest.mark.parametrize(
    "piece",
    [
        "&amp;",
        "&",
        "<b ",
        "<",
        "\\",
        "didn t ",
        "'",
        "é",
        "́",
        "Ã©",
        "★",
        "★½",
        "❤️",
        "😀😁",
        "👩\u200d",
        "1️⃣",
        "<3",
        "were not",
        "�",
        "ill be ",
        "<script>",
        "<head><style>",
        "[/b",
        "a ",
        "a-\n",
        "f*",
        "www.",
        "a@",
        "%20a",
        "=E2=80",
        ":a",
        "○●",
        "1 of 5 ",
        "1 of 2 found this helpful ",
        "аa",
        "Ｉ　",
        "𝗴\u200b",
    ],
)
def test_time_grows_with_the_text_and_no_faster(piece):
    def seconds(size):
        text = (piece * size)[:size]
        start = time.process_time()
        tokenize(text)
        return time.process_time() - start

    short, long = (min(seconds(size) for _ in range(3)) for size in (4_000, 32_000))
    assert long < 40 * short + 0.05
