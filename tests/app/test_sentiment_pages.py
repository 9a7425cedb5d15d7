"""The sentiment page with its parts, challenges, many reviews, the report."""

import json
import re
import time
from concurrent.futures import Future
from dataclasses import replace

import numpy as np
import pytest
from streamlit.delta_generator import DeltaGenerator

from lstm_core.sentiment import prefixes
from lstm_core.sentiment.calibration import Calibration
from lstm_core.sentiment.probe import read_probe
from lstm_core.sentiment.reader import ASSETS, Reader, failures, measured
from lstm_core.sentiment.taught import judges
from lstm_core.sentiment.vouching import NoVoucherError, Voucher
from lstm_core.tables import safe_cell
from pages._app.downloads import safe_table
from pages._app.processes import Turns
from pages._book import glossary
from pages._book.language import later, say, speaking
from pages._book.verdicts import english_alone
from pages.challenges import lesson as challenges
from pages.many import lesson as many
from pages.report import lesson as report
from pages.report import taught
from pages.reviews import lesson
from pages.reviews.lesson import EXAMPLES, in_the_cell
from tests.app.test_pages import figure, player, read, texts, widget
from tests.chapters.samples.challenges import REACHED
from tests.chapters.samples.many import UNCLEAR

WARM = EXAMPLES["A warm one"]


@pytest.fixture(scope="module")
def reader():
    return Reader.load()


def button(app, label):
    return next(b for b in app.button if b.label == label)


def html(app):
    return "".join(element.proto.body for element in app.get("html"))


def table(app, place=0):
    return app.dataframe[place].value


def test_the_verdict_is_shown_before_its_words_are_explained(open_page, monkeypatch):
    app = open_page("reviews")
    shown, drawn = [], DeltaGenerator.html

    def noted(self, body, *args, **kwargs):
        if "coloured-words" in str(body):
            shown.append(str(body))
        return drawn(self, body, *args, **kwargs)

    monkeypatch.setattr(DeltaGenerator, "html", noted)
    read(app, "A slow start, but what an ending!")
    first, then = shown
    assert 'aria-busy="true"' in first
    assert 'aria-busy="false"' in then
    said = re.compile(r'<div class="said">.*?</div>')
    assert said.search(first)[0] == said.search(then)[0]
    assert "border-bottom" not in first.partition("coloured-words")[2].partition("legend")[0]
    assert "border-bottom" in then.partition("coloured-words")[2].partition("legend")[0]
    assert html(app).count("aria-busy=") == 1
    shown.clear()
    app.run()
    (again,) = shown
    assert again == then


def test_a_text_of_the_session_is_scored_once(open_page, monkeypatch, reader):
    app = open_page("reviews")
    scored = []

    def score(_, texts):
        scored.extend(texts)
        return reader.score_ids([reader.ids(text) for text in texts])

    monkeypatch.setattr(Reader, "score", score)
    texts = ["A lovely little film.", "What a bore.", "It goes on and on and on."]
    for text in texts:
        read(app, text)
    assert scored == []
    labels = [b.label for b in app.button if (b.key or "").startswith("history_")]
    known = [reader.read(text).probability for text in reversed(texts)]
    assert labels == [
        lesson.history_label(*one) for one in zip(reversed(texts), known, strict=True)
    ]


def test_the_words_are_read_along_from_the_end(open_page, reader):
    app = open_page("reviews", panel="reading")
    data = player(app)
    reading = reader.read(WARM)
    assert data["lengths"][-1] == len(data["words"]) == len(reading.ids)
    assert data["probability"][-1] == pytest.approx(reading.probability, abs=1e-3)
    assert "word" not in app.query_params
    values = [word["value"] for word in data["words"]]
    np.testing.assert_allclose(values, reading.contributions.words, atol=1e-3)
    assert app.error == []


def test_the_coloured_words_do_not_wait_for_the_beginnings(open_page, monkeypatch):
    app = open_page("reviews", panel="reading")
    assert "still being read" not in html(app)

    def stops(*_):
        raise RuntimeError("no beginning is read")

    monkeypatch.setattr(prefixes, "read_prefixes", stops)
    app = read(app, "A dull, lifeless film.")
    assert app.exception
    assert "still being read" in html(app)
    assert re.search('title="[-+][0-9.]+">lifeless<', html(app))


def test_an_address_opens_at_its_word_and_leads_to_the_cell(open_page, reader):
    app = open_page("reviews", word="12")
    assert player(app)["start"]["step"] == 12
    assert app.query_params["word"] == "12"
    link = next(e for e in app.get("page_link") if "Open the cell" in e.proto.label)
    assert app.session_state["panel"] == "reading"
    word = player(app)["words"][12]["text"]
    assert f"“{word}”" in link.proto.label
    address = in_the_cell(reader.read(WARM), 12, 7).parameters
    cell = open_page("cell", **address)
    data = player(cell)
    assert data["labels"][data["start"]["step"] // 7] == word


def test_a_new_text_is_shown_from_its_end(open_page):
    app = read(open_page("reviews", word="10"), "A dull, lifeless and pointless film.")
    data = player(app)
    assert data["start"]["step"] >= len(data["lengths"]) - 1
    assert "word" not in app.query_params


def test_every_method_colours_the_words_and_prints_its_gap(open_page):
    for method in ("Integrated gradients", "Occlusion", "Gradient × input"):
        app = open_page("reviews", panel="why", why_view="In the text", why_method=method)
        assert not app.exception
        assert "coloured-words" in html(app)
        assert any("gap" in formula.value for formula in app.latex)
        assert "moves the" in texts(app)
        assert "The sigmoid of z alone gives" in texts(app)
    app = open_page("reviews", panel="why", why_view="Pairs of words")
    assert "The difference" in texts(app)
    app = open_page("reviews", panel="why", why_view="Test of the methods")
    assert "with random words to" in texts(app)


def test_a_phrase_of_the_text_is_weighed_and_another_one_refused(open_page):
    app = open_page("reviews", text="The film was not good, not at all.", reviews_tab="Ask why")
    assert app.session_state["panel"] == "why"
    field = widget(app, "text_input", "why_phrase")
    assert field.value == "not good"
    assert "“not good” as a whole" in texts(app)
    field.set_value("good not bad").run()
    assert "do not stand in the text" in app.error[0].value
    assert widget(app, "text_input", "why_phrase").value == "good not bad"
    app = read(app, "It wasn't bad.")
    assert widget(app, "text_input", "why_phrase").value == "wasn't bad"
    assert not app.error


@pytest.mark.parametrize(
    "text", ["Great", "good " * 1500, "zzyzx blorf", "¼ .", "A <b>good</b> $x$ film"]
)
@pytest.mark.parametrize(
    "address",
    [
        {"panel": "verdict"},
        {"panel": "reading"},
        *({"panel": "why", "why_view": view} for view in lesson.WHY),
        *({"panel": "change", "change_view": view} for view in lesson.CHANGE),
        *({"panel": "others", "others_view": view} for view in lesson.OTHERS),
        {"panel": "learn"},
    ],
    ids=lambda address: "-".join(address.values()),
)
def test_every_panel_stands_any_text(open_page, text, address):
    app = open_page("reviews", text=text, **address)
    assert not app.exception
    assert "<b>good" not in html(app)


def test_twins_are_read_side_by_side(open_page):
    app = open_page("reviews", text="A wonderful film.", reviews_tab="Edit and compare")
    assert app.session_state["panel"] == "change"
    assert "Both texts are the same" in texts(app)
    button(app, "Swap the decisive word").click().run()
    assert app.text_area[1].value == "A dreadful film."
    assert "“wonderful” → “dreadful”" in texts(app)
    assert "The verdict turns" in texts(app)
    assert app.query_params["other"] == "A dreadful film."
    again = open_page("reviews", text="A wonderful film.", other="A dreadful film.")
    assert again.session_state["panel"] == "change"
    assert "The verdict turns" in texts(again)
    app.text_area[1].set_value("")
    button(app, "Compare").click().run()
    assert "no word in the changed text" in app.error[0].value
    assert app.text_area[1].value == ""


def open_panel(app, name):
    widget(app, "segmented_control", "panel").set_value(name).run()
    assert not app.exception
    return app


def test_the_texts_of_a_session_are_one_click_away_and_in_the_address_if_wished(open_page):
    app = open_page("reviews")
    for text in ("A wonderful film.", "A dull film."):
        app = read(app, text)
    assert "seen" not in app.query_params
    widget(app, "toggle", "keep_texts").set_value(True).run()
    assert app.query_params["seen"] == "A wonderful film."
    app = open_panel(open_panel(app, "why"), "verdict")
    assert app.query_params["seen"] == "A wonderful film."
    entry = next(b for b in app.button if "A wonderful film" in b.label)
    entry.click().run()
    assert app.text_area[0].value == "A wonderful film."
    assert app.query_params["seen"] == "A dull film."
    widget(app, "toggle", "keep_texts").set_value(False).run()
    assert "seen" not in app.query_params
    again = open_page("reviews", seen=["A dull film.", "A wonderful film."])
    assert any("A dull film" in b.label for b in again.button)
    assert widget(again, "toggle", "keep_texts").value


def test_what_was_typed_stays_in_every_panel(open_page):
    app = read(open_page("reviews"), "A dull, lifeless film.")
    for name in ("reading", "why", "others", "change", "learn", "verdict"):
        app = open_panel(app, name)
    assert app.text_area[0].value == "A dull, lifeless film."
    assert "Negative" in html(app).title()


def test_the_field_can_be_emptied_for_a_text_of_ones_own(open_page):
    app = open_page("reviews")
    button(app, "Clear").click().run()
    assert app.text_area[0].value == ""
    assert not app.error
    assert "press “Read it”" in html(app)
    app = read(app, "A dull film.")
    assert "lifeless" not in html(app)
    assert "dull" in html(app)


def test_the_step_stays_when_another_panel_was_open(open_page):
    app = open_page("reviews", word="12")
    app = open_panel(app, "verdict")
    assert "word" not in app.query_params
    app = open_panel(app, "reading")
    assert player(app)["start"]["step"] == 12
    assert app.query_params["word"] == "12"


def test_a_misspelt_word_is_read_as_another_until_that_is_taken_back(open_page, reader):
    text = "A terible moive, <b> &amp; boring."
    app = open_page("reviews", text=text)
    assert "read as “terrible”" in html(app)
    pills = next(g for g in app.get("button_group") if g.key.startswith("spelling"))
    assert pills.options == ["terible → terrible", "moive → movie"]
    pills.set_value(["moive"]).run()
    assert app.query_params["as_written"] == "terible"
    assert "read as “terrible”" not in html(app)
    assert "read as “movie”" in html(app)
    opened = open_page("reviews", text=text, as_written="terible")
    assert html(opened) == html(app), "the address brings it back"
    assert reader.read(text, ["terible"]).probability != reader.read(text).probability
    for panel in ("reading", "why", "change"):
        assert not open_panel(opened, panel).exception
    app = read(app, "A fine film.")
    assert "as_written" not in app.query_params
    assert not any(g.key.startswith("spelling") for g in app.get("button_group"))


def test_it_is_said_why_a_text_is_no_review(open_page):
    for text, why in (
        ("Der Film war wirklich schlecht.", "it is not in English"),
        ("x = [1, 2, 3]; y = x[::-1]", "it looks like code, a table or a chat"),
        ("zzyzx blorf gnarfle", "the network knows none of its words"),
    ):
        app = open_page("reviews", text=text)
        assert why in html(app)
        assert f"No verdict is given: {why}." in texts(app)


def test_what_is_no_review_gets_no_stars_and_no_percentage(open_page):
    for panel in ("verdict", "reading"):
        app = open_page("reviews", panel=panel, text="zzyzx blorf gnarfle")
        said = html(app) + texts(app)
        assert "of 10 stars" not in said
        assert "such cases" not in said
    assert "star" not in " ".join(player(app)["said"])
    app = open_page("reviews", panel="why", text="zzyzx blorf gnarfle")
    assert not any("T" in formula.value and "sigma" in formula.value for formula in app.latex)


def test_not_is_shown_for_the_visitors_own_pair(open_page, reader):
    app = open_page("reviews", panel="change")
    p = reader.read("The film was not good.").probability
    assert f"**{p:.0%}**" in texts(app)
    widget(app, "text_input", "pair_one").set_value("great").run()
    p = reader.read("The film was not great.").probability
    assert f"**{p:.0%}**" in texts(app)
    widget(app, "text_input", "pair_other").set_value("!!").run()
    assert "no word in this" in app.error[0].value


def test_only_the_panel_that_is_open_is_computed(open_page, monkeypatch):
    def never(*_):
        raise RuntimeError("nobody sees the beginnings")

    monkeypatch.setattr(prefixes, "read_prefixes", never)
    app = read(open_page("reviews"), "A film that nobody has read before, and a good one.")
    for name in ("verdict", "why", "change", "others"):
        app = open_panel(app, name)


def test_old_addresses_open_their_panel_in_any_language(open_page):
    app = open_page("reviews", reviews_tab="Strongest words")
    assert app.session_state["panel"] == "why"
    with speaking("de"):
        label = say("Other readers")
    app = open_page("reviews", lang="de", reviews_tab=label)
    assert app.session_state["panel"] == "others"
    assert "reviews_tab" not in app.query_params


@pytest.fixture
def strict(monkeypatch):
    """Let the calibration move the verdicts, as that of a network does that praises too easily."""
    probability = Calibration.probability

    def lower(self, logit):
        return probability(replace(self, offset=self.offset - 0.7), logit)

    monkeypatch.setattr(Calibration, "probability", lower)


def leaning_away(reader):
    """Find a sentence whose logit is on the other side than its calibrated probability."""
    rows = [row["text"] for row in read_probe()]
    scores = reader.score(rows)
    found = zip(rows, scores.logit.tolist(), scores.probability.tolist(), strict=True)
    return next(text for text, z, p in found if z >= 0 and 1 / 3 < p < 0.5)


@pytest.mark.usefixtures("strict")
def test_our_own_network_gives_one_verdict_and_not_two(open_page, reader):
    text = leaning_away(reader)
    app = open_page("reviews", text=text, panel="others")
    assert "Ours says **mixed or unclear**" in texts(app)
    said = [annotation["text"] for annotation in figure(app)["layout"]["annotations"]]
    assert sum("mixed or unclear" in one for one in said) == 1
    assert len(said) == 2 * 6, "a verdict and a name for each"


@pytest.mark.usefixtures("strict")
def test_words_are_deleted_for_the_side_of_the_calibrated_verdict(open_page, reader):
    text = leaning_away(reader)
    app = open_page("reviews", text=text, panel="why", why_view="Test of the methods")
    assert "most negative words" in texts(app)
    curve = app.session_state.kept["faithful"][1]
    reading = reader.read(text)
    strongest = reading.contributions.words.argsort(kind="stable")[: curve.deleted[1]]
    left = reader.score_ids([np.delete(reading.ids, strongest)])
    assert curve.ranked["Integrated gradients"][1] == pytest.approx(left.logit[0], abs=1e-4)


def test_other_readers_read_the_same_text(open_page):
    app = open_page("reviews", panel="others")
    assert len(figure(app)["layout"]["annotations"]) == 2 * 6
    app = open_page(
        "reviews",
        panel="others",
        others_view="A network of the lecture",
        other_reader="Bi-LSTM, Keras' encoding",
    )
    assert "reads the last 200 words" in texts(app)


def test_who_asks_tensorflow_sees_how_many_are_before(open_page, monkeypatch):
    app = open_page("reviews", reviews_tab="Check it")
    assert "<td>?</td>" in html(app)
    app.session_state["voucher"] = (WARM, Future())
    app.run()
    assert "TensorFlow is being asked" in app.info[0].value
    monkeypatch.setattr(Turns, "place", lambda *_: 2)
    app.run()
    assert "2 visitors are before you" in app.info[0].value
    assert button(app, "Ask TensorFlow").disabled
    failed = Future()
    failed.set_exception(NoVoucherError(later("It took {seconds} s.", seconds=3)))
    app.session_state["voucher"] = (WARM, failed)
    app.run()
    assert "TensorFlow could not be asked: It took 3 s." in app.error[0].value
    answered = Future()
    answered.set_result(Voucher(0.25, 0.2500001, 1e-6, {"tensorflow": "2"}, 3.0))
    app.session_state["voucher"] = (WARM, answered)
    app.run()
    assert "<td>0.25000010</td>" in html(app)


def test_quests_are_done_by_what_the_visitor_did(open_page):
    app = open_page("reviews", text="A wonderful film.", reviews_tab="Edit and compare")
    assert "reviews/quest/one-word" not in app.session_state["achieved"]
    button(app, "Swap the decisive word").click().run()
    assert "reviews/quest/one-word" in app.session_state["achieved"]
    app = open_panel(app, "learn")
    app = open_page("reviews", text="The film was not good.", reviews_tab="Ask why")
    assert "reviews/quest/only-together" not in app.session_state["achieved"], "the page chose it"
    widget(app, "text_input", "why_phrase").set_value("the film").run()
    widget(app, "text_input", "why_phrase").set_value("not good").run()
    assert "reviews/quest/only-together" in app.session_state["achieved"]


def test_an_address_does_no_quest(open_page):
    app = open_page("reviews", word="3")
    app = open_panel(open_panel(open_panel(app, "why"), "learn"), "reading")
    assert "reviews/quest/on-the-way" not in app.session_state["achieved"]
    app = open_page("reviews", text="A wonderful film.", other="A dreadful film.")
    app = open_panel(open_panel(open_panel(app, "verdict"), "others"), "change")
    assert "reviews/quest/one-word" not in app.session_state["achieved"]


def test_quests_of_the_challenges_are_done_by_a_sentence(open_page):
    app = open_page("challenges", panel="try", challenge="Irony")
    field = widget(app, "text_input", "challenge_text")
    field.set_value(REACHED["one-letter"].reading.text).run()
    assert "challenges/quest/one-letter" in app.session_state["achieved"]
    field = widget(app, "text_input", "challenge_text")
    field.set_value(REACHED["no-side"].reading.text).run()
    assert "challenges/quest/no-side" in app.session_state["achieved"]


def test_in_another_language_the_page_says_why_the_examples_are_english(open_page):
    said = "should your text be"
    assert said not in texts(open_page("reviews"))
    app = open_page("reviews", lang="de")
    assert app.text_area[0].value == WARM
    with speaking("de"):
        assert english_alone() in [caption.value for caption in app.caption]


def test_how_often_it_is_right_is_said_beside_the_verdict(open_page):
    row = measured()["test"]["reliability"][-1]
    app = open_page("reviews")
    assert f"right in {100 * row['share_positive']:.0f} of 100 such cases" in html(app)
    rate = measured()["probe"]["irony"]["rate"]
    assert f"of 100 sentences it reads {100 * rate:.0f} rightly" in html(app)
    assert "%" not in html(app).split("coloured-words")[0].split("aria-label")[1].split(">")[0]


@pytest.mark.parametrize("name", list(challenges.BY_NAME))
def test_every_challenge_has_a_rate_a_reason_and_live_examples(open_page, name):
    app = open_page("challenges", challenge=name)
    challenge = challenges.BY_NAME[name]
    said = texts(app)
    assert glossary.linked(challenge.why) in said
    assert not app.exception
    if challenge.probe:
        row = measured()["probe"][challenge.probe]
        assert f"(**{row['rate']:.0%}**" in said
        app = open_panel(app, "sentences")
        failed = table(app)
        assert len(failed) == round((1 - row["rate"]) * row["sentences"])
        widget(app, "toggle", "challenge_wrong").set_value(False).run()
        assert len(table(app)) == row["sentences"]


def test_what_is_right_is_said_where_it_is_no_side(open_page):
    names = figure(open_page("challenges"))["data"][0]["y"]
    assert "Other languages: no side taken" in names
    assert "Irony" in names
    app = open_page("challenges", challenge="Other languages")
    assert "it rightly takes no side" in texts(app)


def test_the_panel_opens_on_a_failure_and_says_so(open_page):
    app = open_page("challenges", panel="try")
    first = widget(app, "text_input", "challenge_text").value
    assert "✘ Read wrongly." in texts(app)
    button(app, "One that it gets right").click().run()
    assert widget(app, "text_input", "challenge_text").value != first
    assert "✔ Read rightly." in texts(app)
    button(app, "One that it gets wrong").click().run()
    assert widget(app, "text_input", "challenge_text").value == first
    widget(app, "text_input", "challenge_text").set_value("A sentence of my own.").run()
    assert "Read wrongly" not in texts(app)
    assert "Read rightly" not in texts(app)
    assert "Is that what you meant?" in texts(app)


def test_choosing_a_challenge_brings_its_example(open_page):
    app = open_page("challenges", panel="try")
    for name in ("Negation", "Length"):
        app.selectbox[0].set_value(name).run()
        text = widget(app, "text_input", "challenge_text").value
        row = next(row for row in read_probe() if row["text"] == text)
        assert row["class"] == challenges.BY_NAME[name].probe or name == "Length"
        assert "✘ Read wrongly." in texts(app)
    app = open_page("challenges")
    app.selectbox[0].set_value("Negation").run()
    text = widget(open_panel(app, "try"), "text_input", "challenge_text").value
    assert next(row for row in read_probe() if row["text"] == text)["class"] == "negation"
    linked = open_page("challenges", challenge="Negation", challenge_text="Not mine.")
    assert widget(linked, "text_input", "challenge_text").value == "Not mine."
    widget(app, "text_input", "challenge_text").set_value("   ").run()
    assert "no word" in app.error[0].value


def test_a_card_brings_a_sentence_of_its_challenge_along(open_page):
    app = open_page("challenges", panel="try", challenge="Negation")
    before = widget(app, "text_input", "challenge_text").value
    widget(app, "button", "tour_challenges_start").click().run()
    assert app.selectbox[0].value == "Irony"
    after = widget(open_panel(app, "try"), "text_input", "challenge_text").value
    assert after != before
    assert "✘ Read wrongly." in texts(app)


def test_the_example_is_scored_before_anybody_asks(open_page):
    app = open_page("many", panel="rows")
    assert len(table(app)) == 9
    assert "2 of 9 rows could not be scored" in app.warning[0].value
    widget(app, "text_input", "many_words").set_value("lovely").run()
    assert len(table(app)) == 1
    widget(app, "text_input", "many_words").set_value("").run()
    app.session_state["many_kinds"] = [many.UNREADABLE]
    app.run()
    assert not app.exception
    assert table(app)["positive"].isna().all()


def show(app, panel):
    """Go to another panel, as a click on its name does."""
    app.session_state["panel"] = panel
    app.session_state["panel_chosen"] = True
    return app.run()


def until_scored(app, seconds=60):
    deadline = time.monotonic() + seconds
    while "many_live" not in app.session_state or app.session_state["many_live"].running:
        assert time.monotonic() < deadline
        time.sleep(0.3)
        app.run()
    return app


def test_a_pasted_column_is_scored(open_page, reader):
    app = open_page("many", many_source=many.PASTE)
    assert button(app, "Score them").disabled
    pasted = "A wonderful film.\n\n=1+1 dull <b>film</b>\n!!!\n"
    app.text_area[0].set_value(pasted).run()
    button(app, "Score them").click().run()
    app = until_scored(app)
    assert app.text_area[0].value == pasted
    app = show(app, "rows")
    assert table(app)["line"].tolist() == [1, 3, 4]
    said = table(app)["positive"].tolist()
    assert said[0] == pytest.approx(100 * reader.read("A wonderful film.").probability, abs=1e-3)
    scored = (app.session_state["many_live"].job.folder / "scored.csv").read_text("utf-8-sig")
    assert safe_cell("=1+1 dull <b>film</b>") in scored


def test_a_quest_is_done_by_rows_of_ones_own_and_a_reload_is_warned_of(open_page):
    app = open_page("many", many_source=many.PASTE)
    assert many.LOST_BY_RELOADING not in texts(app)
    app.text_area[0].set_value(f"A wonderful film.\nDull, dull, dull.\n{UNCLEAR}").run()
    button(app, "Score them").click().run()
    app = until_scored(app)
    assert set(app.session_state["achieved"]) == {"many/quest/no-side"}
    assert any(many.LOST_BY_RELOADING in caption.value for caption in app.caption)


def test_the_tour_of_many_reviews_is_walked_on_its_controls(open_page):
    app = open_page("many", tour="4")
    assert app.session_state["many_source"] == many.PASTE
    app.text_area[0].set_value("A wonderful film.\nDull.\nA long, long story.").run()
    assert "Done." in texts(app)
    button(app, "Go on").click().run()
    button(app, "Score them").click().run()
    app = until_scored(app)
    app.run()
    button(app, "Finish").click().run()
    assert "many/tour" in app.session_state["achieved"]


def test_a_long_file_is_cancelled_and_goes_on(open_page):
    app = open_page("many", many_source=many.PASTE)
    app.text_area[0].set_value(
        "good film " * 40 + "\n" + ("A long and dull film. " * 40 + "\n") * 900
    ).run()
    button(app, "Score them").click().run()
    button(app, "Cancel").click().run()
    assert not app.session_state["many_live"].running
    button(app, "Go on").click().run()
    app = until_scored(app)
    live = app.session_state["many_live"]
    assert live.job.done == live.job.total == 901 == len(live.rows.lines)
    assert live.rows.lines == sorted(set(live.rows.lines))


def test_the_report_reads_every_number_from_the_measured_files(open_page):
    assert f"{measured()['test']['calibration_error']:.4f}" in texts(
        open_page("report", panel="calibration")
    )
    listed = html(open_page("report", panel="errors"))
    assert listed.count("<tr>") - 1 == sum(r["probability"] >= 0.5 for r in failures()["surest"])
    assert json.dumps(failures())
    wrong = html(open_page("report", report_errors="Taken for negative", report_stars=["7"]))
    assert set(re.findall(r"<tr><td>(\d+)</td>", wrong)) == {"7"}
    hashed = open_page("report", report_curves="LSTM, one-hot hashing")
    assert "epoch 15" in hashed.get("plotly_chart")[0].proto.alt
    assert " 15: a gap of" in texts(hashed)


def test_the_report_sets_the_student_beside_its_teachers(open_page):
    listed = judges(json.loads((ASSETS / "training.json").read_text()), measured())
    app = open_page("report", report_compared=report.TAUGHT)
    assert app.session_state["panel"] == "performance"
    assert taught.sentence(listed) in texts(app)
    assert "Distillation" in texts(app)
    tables = [table.value.to_numpy().tolist() for table in app.table]
    named = [row[0] for row in tables[0]]
    assert named == [one.name for one in listed]


@pytest.mark.parametrize(
    ("old", "new"), [("baselines", "performance"), ("confusion", "calibration")]
)
def test_old_addresses_lead_to_the_panels_of_today(open_page, old, new):
    assert open_page("report", panel=old).session_state["panel"] == new


def test_quests_of_the_report_are_done_on_its_controls(open_page):
    app = open_page("report", panel="overfitting")
    assert "achieved" not in app.session_state or not app.session_state["achieved"]
    widget(app, "selectbox", "report_curves").set_value("LSTM, one-hot hashing").run()
    assert "report/quest/stopped-too-late" in app.session_state["achieved"]
    app = open_page("report", report_view="ROC")
    found = measured()["test"]["roc"]["true_positive_rate"]
    enough = next(at for at in range(101) if found[at] >= 0.99)
    widget(app, "slider", "report_false").set_value(enough).run()
    assert "report/quest/nearly-all" in app.session_state["achieved"]
    # What an address fulfils, nobody has done.
    app = open_page("report", report_stars=["1"])
    assert not app.session_state["achieved"]


def test_what_is_taken_home_is_safe_in_a_spreadsheet():
    table = safe_table({"word": ["=)", "good", "-0.5"], "value": [-1.5, 2.0, 3.0]})
    assert table["word"].tolist() == ["'=)", "good", "-0.5"]
    assert table["value"].tolist() == [-1.5, 2.0, 3.0]
