"""The page on sentiment: quests done by the right move alone, answers checked by another way."""

import re
from dataclasses import replace

import numpy as np
import pytest

from lstm_core.sentiment import explanations
from lstm_core.sentiment.lecture_models import LECTURE_MODELS, LectureReader
from lstm_core.sentiment.others import OURS, load
from lstm_core.sentiment.prefixes import read_prefixes
from lstm_core.sentiment.reader import ASSETS, failures, measured
from lstm_core.sentiment.reader import LONGEST as LONGEST_READ
from lstm_core.sentiment.tokenizer import tokenize
from lstm_core.sentiment.vouching import Voucher
from pages._book import chapters, slides, verdicts
from pages._book.language import decimal
from pages._book.sentences import LONGEST
from pages._book.style import LIGHT
from pages.reviews import exercises, lesson, negation, other_readers, why
from pages.reviews.figures import strongest_words
from pages.reviews.lesson import EXAMPLES
from tests.chapters.reaching import torn
from tests.chapters.samples import reviews as sample

QUESTS = {quest.key: quest for quest in exercises.QUESTS}
screen, reader = sample.screen, sample.reader
TURNS = EXAMPLES["One that turns"]


def test_examples_get_the_verdicts_that_they_were_written_for():
    assert reader().read(EXAMPLES["A warm one"]).probability > 0.9
    assert reader().read(EXAMPLES["A cold one"]).probability < 0.1


def test_the_reading_is_stopped_on_the_other_side():
    whole, quest = screen(sample.WON_OVER), QUESTS["on-the-way"]
    steps = [step for step in range(len(whole.lengths)) if quest.done(replace(whole, step=step))]
    assert steps
    assert all(whole.probabilities[step] <= 1 / 3 for step in steps)
    progress = quest.progress(replace(whole, step=steps[0]))
    assert f"after {whole.lengths[steps[0]]} words" in progress


def test_a_verdict_is_turned_by_one_word():
    quest, wonderful = QUESTS["one-word"], "A wonderful film."
    turned = screen(wonderful, changed="A dreadful film.")
    assert "One word was changed: positive, then negative." in quest.progress(turned)
    for other in ("A film.", "A dull and dreadful film.", "Some dreadful film.", "A superb film."):
        assert not quest.done(screen(wonderful, changed=other)), other
    assert "Nothing is changed" in quest.progress(screen(wonderful))
    several = screen(wonderful, changed="Some dreadful, film")
    assert "places were changed" in quest.progress(several)


def test_a_phrase_says_more_than_its_words_on_the_page():
    quest, text = QUESTS["only-together"], sample.NOT_GOOD
    assert "“not good” says" in quest.progress(screen(text, phrase="not good"))
    assert not quest.done(screen(text, phrase="The film"))
    assert not quest.done(screen(text))


def test_what_a_word_did_behind_a_negation_is_not_called_its_meaning():
    reading = reader().read(sample.NOT_GOOD)
    shares = reading.contributions.words
    assert "behind “not”, and not what it means" in why.strongest_sentence(reading, shares)
    plainly = reader().read("The film was good.")
    assert "behind" not in why.strongest_sentence(plainly, plainly.contributions.words)


def test_not_moves_a_word_and_its_opposite_in_opposite_directions():
    """The four probabilities are those of four readings of whole sentences."""
    shown = negation.two_by_two(reader(), "good", "bad")
    for texts, row in zip(shown.sentences, shown.probability, strict=True):
        for text, p in zip(texts, row, strict=True):
            assert p == pytest.approx(reader().read(text).probability, abs=1e-5)
    (good, bad), (not_good, not_bad) = shown.probability
    assert not_good < bad + 0.1 < 0.5 < good
    assert not_bad > bad + 0.4
    assert shown.turns
    assert "depends on the word behind it" in negation.sentence(shown)
    figure = negation.drawn(shown, LIGHT)
    np.testing.assert_allclose(np.array(figure.data[0].z), np.array(shown.probability))
    said = " ".join(annotation.text for annotation in figure.layout.annotations)
    assert f"not good<br><b>{not_good:.0%}</b>" in said


@pytest.mark.parametrize("word", ["", " ", "!!", "\ud800"])
def test_a_pair_with_a_word_that_is_none_is_not_read(word):
    assert negation.two_by_two(reader(), word, "bad") is None or word == "\ud800"


def test_a_pair_of_the_visitors_own_is_text_on_the_picture():
    shown = negation.two_by_two(reader(), "<b>good</b>", "bad")
    figure = negation.drawn(shown, LIGHT)
    assert "<b>good" not in figure.layout.annotations[0].text
    assert "&lt;b&gt;good" in figure.layout.annotations[0].text


def test_old_addresses_of_the_parts_below_a_verdict_open_their_panel():
    for tab in ("Ask why", "Edit and compare", "Other readers", "Check it", "Strongest words"):
        sets = lesson.panel_of_old_tab(tab)
        assert sets["panel"] in slides.PANELS[chapters.REVIEWS]
        assert set(sets) - {"panel"} <= set(lesson.START)
    assert lesson.panel_of_old_tab("<script>") == {}


def test_the_sentence_why_names_the_words_that_moved_the_verdict():
    reading = reader().read(EXAMPLES["A warm one"])
    assert re.search("“(Highly )?recommended”", lesson.why_sentence(reading))
    strongest = int(reading.contributions.words.argmax())
    assert reading.tokens_read[strongest].word == "recommended"


@pytest.mark.parametrize(
    "text",
    [
        *EXAMPLES.values(),
        "The parcel arrived on Tuesday.",
        "It was good, it was bad, it was a film.",
    ],
)
def test_a_word_is_named_only_where_the_text_marks_it(text):
    """What the sentence calls strong is what the picture underlines."""
    reading = reader().read(text)
    marks = verdicts.coloured_words(reading.marks(), LIGHT)
    underlined = " ".join(re.findall(r'border-bottom:3px[^>]*">([^<]+)<', marks))
    for named in re.findall("[*]{2}“([^”]+)”", lesson.why_sentence(reading)):
        assert set(re.findall(r"\w+", named)) & set(re.findall(r"\w+", underlined))


def test_calibration_makes_it_less_sure_as_the_page_says():
    reading = reader().read(EXAMPLES["A warm one"])
    assert "a little less sure" in why.about_calibration(reading)
    assert 1.0 < reading.calibration.temperature < 1.3


def test_when_not_to_trust_comes_from_the_measured_rates():
    rate = {name: round(100 * row["rate"]) for name, row in measured()["probe"].items()}
    plainly = lesson.when_not_to_trust(reader().read(EXAMPLES["A warm one"]), measured())
    worst = min(lesson.HARD, key=rate.__getitem__)
    assert f"with {worst} (of 100 sentences it reads {rate[worst]} rightly)" in plainly
    for share, warns in ((0.61, True), (0.97, False)):
        probe = measured()["probe"] | {"negation": {"rate": share}}
        denied = lesson.when_not_to_trust(reader().read(sample.NOT_GOOD), {"probe": probe})
        assert ("Careful, a negation: of 100" in denied) == ("it reads 61" in denied) == warns
    unknown = lesson.when_not_to_trust(
        reader().read("A blorftastic film that I loved."), measured()
    )
    assert "“blorftastic”" in unknown


@pytest.mark.parametrize("text", list(EXAMPLES.values())[:2], ids=list(EXAMPLES)[:2])
def test_every_example_is_asked_four_questions_whose_answers_are_right(text):
    seen = screen(text)
    which, wrong, total, last = exercises.quiz(seen)
    vectors = reader().network.embed(seen.reading.ids)
    logit = float(reader().network.answers(vectors)[0])
    shares = explanations.integrated_gradients(reader().network, vectors, logit, 32).words
    numbers = [int(choice.split("number ")[1].split(" ")[0]) for choice in which.choices]
    sizes = [abs(shares[number - 1]) for number in numbers]
    assert [int(np.argmax(sizes))] == list(which.right)
    assert max(sizes) == pytest.approx(np.abs(shares).max())
    words = [choice.split("”")[0][1:] for choice in which.choices]
    assert len(set(words)) == len(words)

    rows = measured()["test"]["reliability"]
    row = min(rows, key=lambda row: abs(row["mean_probability"] - seen.reading.probability))
    others = row["share_positive"] if seen.reading.probability < 0.5 else 1 - row["share_positive"]
    assert wrong.choices[wrong.right[0]] == f"About {round(1000 * others)}"

    nothing = np.full(len(seen.reading.ids), 1, dtype=np.int32)
    distance = logit - float(reader().network.answers(reader().network.embed(nothing))[0])
    assert decimal(distance, ".3f") in total.choices[total.right[0]]
    assert last.choices[last.right[0]] == "One"
    for question in (which, wrong, total, last):
        assert all(not question.mistakes[at] for at in question.right if question.mistakes)


def test_the_backward_half_has_read_one_word_at_the_last_position():
    """The first layer's backward state there is that of a reading of the last word alone."""
    ids = reader().ids(EXAMPLES["A cold one"])
    layer = reader().network.layers.layers[0]
    whole = layer.run(reader().network.embed(ids)).backward.hidden_state
    alone = layer.run(reader().network.embed(ids[-1:])).backward.hidden_state
    # A backward trace counts from the last word, which it reads first.
    np.testing.assert_allclose(whole[0], alone[0], atol=1e-6)
    assert np.abs(whole[-1] - alone[0]).max() > 0.1


def test_the_programs_of_a_long_text_read_it_from_a_file(tmp_path, monkeypatch):
    long = reader().read("A “long” 'text' with \\ and \"quotes\" and {braces}. " * 80)
    programs = lesson.taken_home(long)
    (tmp_path / "review.txt").write_text(long.text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for program in (programs.lstm_core, programs.keras, programs.torch):
        assert "TEXT = None" in program
    for program in (programs.lstm_core, programs.torch):
        names = {}
        exec(program, names)
        assert names["result"]["probability"] == pytest.approx(long.probability, abs=1e-5)


def test_the_program_prints_the_verdict_and_every_word(capsys):
    reading = reader().read("A wonderful film.")
    exec(lesson.taken_home(reading).lstm_core, {})
    printed = capsys.readouterr().out
    assert f"positive {reading.probability}" in printed
    assert re.search(r"[+-]\d\.\d{3} {2}wonderful", printed)


def test_unknown_words_are_named():
    reading = reader().read("The blorftastic film was gnarfle, blorftastic, but I liked it.")
    assert lesson.unknown_words(reading) == ["blorftastic", "gnarfle"]
    assert any("gnarfle" in caution for caution in lesson.cautions(reading))


def test_a_text_too_long_says_what_was_not_read():
    reading = reader().read("good " * (LONGEST_READ + 500))
    assert any("500 in the middle" in caution for caution in lesson.cautions(reading))


@pytest.mark.parametrize("text", ["x" * 1_000_000, "good " * 200_000])
def test_the_strongest_of_a_million_characters_stay_small(text):
    marks = reader().read(text).marks()
    assert len(strongest_words(marks, LIGHT).to_json()) < 100_000


def test_how_far_to_trust_comes_from_the_measured_files():
    behind = " ".join(lesson.numbers_behind(reader().read("Great."), measured(), failures()))
    row = measured()["test"]["reliability"][-1]
    assert f"**{row['share_positive'] * row['reviews']:,.0f}** of them were positive" in behind
    assert "cut to their last 5 words" in behind
    unclear = reader().read(torn(reader()))
    behind = " ".join(lesson.numbers_behind(unclear, measured(), failures()))
    assert "only where the odds are two to one" in behind
    cold = lesson.numbers_behind(reader().read(EXAMPLES["A cold one"]), measured(), failures())
    assert "of them were negative" in " ".join(cold)
    assert lesson.numbers_behind(reader().read("zzyzx blorf"), measured(), failures()) == []


@pytest.mark.parametrize(("place", "repeats"), [(0, 1), (30, 1), (10**6, 1), (77, 5), (10**6, 12)])
def test_the_cell_page_opens_at_the_word(place, repeats):
    reading = reader().read(" ".join([TURNS] * repeats))
    place %= len(reading.ids)
    link = lesson.in_the_cell(reading, place, 7)
    tokens = tokenize(link.parameters["cell_text"])
    assert len(tokens) <= LONGEST
    assert len(link.parameters["cell_text"]) <= lesson.CHARACTERS_IN_CELL
    step = int(link.parameters.get("step", 0)) // 7
    assert tokens[step].word == reading.tokens_read[place].word


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "no word"),
        ("!!", "do not stand"),
        ("good not", "do not stand"),
        ("word " * 13, "13 words"),
        ("<b>", "no word"),
    ],
)
def test_a_phrase_that_is_none_is_said(typed, problem):
    assert problem in why.find_phrase(["not", "good", "."], typed)[1]


def test_a_phrase_is_found_and_set_against_its_words():
    reading = reader().read(sample.NOT_GOOD)
    words = [token.word for token in reading.tokens_read]
    assert why.find_phrase(words, "Not good") == ((3, 5), "")
    assert why.find_phrase(["terrible"], "terible", {"terible": "terrible"}) == ((0, 1), "")
    phrase = explanations.phrase(reader().network, reading.ids, 3, 5)
    sentence = why.phrase_sentence(words[3:5], phrase)
    assert "“not good” as a whole" in sentence
    for moved in (phrase.together, float(phrase.apart.sum()), phrase.interaction):
        assert f"**{decimal(moved, '+.2f')}**" in sentence


def test_both_probabilities_are_set_side_by_side():
    voucher = Voucher(0.25, 0.2500001, 1e-6, {"tensorflow": "2"}, 3.0)
    reading = reader().read("A wonderful film.")
    table = other_readers.voucher_sheet(reading, voucher)
    for number in ("0.25000000", "0.25000010", "0.00000010"):
        assert f"<td>{number}</td>" in table
    open_still = other_readers.voucher_sheet(reading, None)
    assert f"<td>{reading.probability:.8f}</td>" in open_still
    assert open_still.count("<td>?</td>") == 2
    assert "tensorflow 2; it took 3.0 s" in other_readers.voucher_sentence(voucher)


def test_what_a_lectures_network_did_not_read_is_said():
    for model in LECTURE_MODELS:
        network = LectureReader.load(model, ASSETS / "lecture")
        about = other_readers.about_lecture_model(model, network.marks("word " * 300))
        assert f"The first {300 - model.length} words, greyed" in about


def test_the_first_of_the_lectures_networks_is_shown_to_begin_with():
    scorers = load(reader())
    assert next(iter(scorers)) == OURS
    names = [name for name, one in scorers.items() if isinstance(one, LectureReader)]
    assert lesson.START["other_reader"] == names[0]


def test_the_lengths_of_the_state_are_those_of_the_beginnings():
    seen = screen(TURNS)
    prefixes = read_prefixes(reader().network, seen.reading.ids)
    assert seen.lengths == prefixes.lengths.tolist()
    assert seen.probabilities[-1] == pytest.approx(seen.reading.probability, abs=1e-4)
