"""The report: quests done by the right choice alone, answers found another way, pictures legible."""

import re
from itertools import pairwise

import numpy as np
import pytest

from lstm_core.cells.activations import sigmoid
from lstm_core.sentiment.metrics import measures
from lstm_core.sentiment.others import OURS
from lstm_core.sentiment.reader import ASSETS, failures, measured
from lstm_core.sentiment.taught import JOINT, SOFT_LABELS, STUDENT, judges, lesson_of
from pages._book.programs import programs
from pages._book.style import LIGHT
from pages.report import distillation, exercises, figures, lesson, taught
from tests.chapters.samples.report import HASHED, HISTORIES, STATES, TRAINING, area, screen
from tests.lstm_core.sentiment.records import BEFORE, TRIALS, taught_by_an_encoder

QUESTS = {quest.key: quest for quest in exercises.QUESTS}


def test_the_curves_of_one_network_alone_fall_that_far():
    quest = QUESTS["stopped-too-late"]
    for name, history in HISTORIES.items():
        best = max(row["development_accuracy"] for row in history)
        fallen = best - history[-1]["development_accuracy"] >= 0.04
        assert quest.done(screen(name)) == fallen
    assert "85.8% after epoch 2" in quest.progress(screen(HASHED))


def test_errors_far_off_are_found_by_the_filters():
    far, seen = QUESTS["far-off"], set()
    for stars in ([], *([one] for one in (1, 2, 3, 4, 7, 8, 9, 10)), [1, 2], [1, 10]):
        shown = screen(stars=stars)
        off = [abs(row["stars"] - row["estimated_stars"]) for row in shown.errors]
        is_many, is_far = len(off) >= 10, min(off, default=0) > 7
        assert far.done(shown) == (is_many and is_far), stars
        seen.add((is_many, is_far))
        if off:
            assert far.progress(shown).startswith(f"{len(off)} errors are shown; the smallest is ")
        else:
            assert far.progress(shown) == "No error is shown."
    # Many, but not far enough; and both.
    assert seen >= {(True, False), (True, True)}


def test_nearly_all_are_found_at_one_point_of_the_curve_alone():
    curve, quest = measured()["test"]["roc"]["true_positive_rate"], QUESTS["nearly-all"]
    enough = [at for at in range(101) if curve[at] >= 0.99]
    done = [at for at in range(101) if quest.done(screen(accepted=at))]
    assert done == enough[:1]
    assert f"{curve[done[0]]:.1%}" in quest.progress(screen(accepted=done[0]))


def test_ten_stars_alone_are_asked_for():
    assert not exercises.TOUR[3].done({"report_stars": [9, 10]})


@pytest.mark.parametrize("network", HISTORIES)
def test_the_right_answers_are_right(network):
    stars, word, stop, curve = questions = exercises.quiz(screen(network))
    for question in questions:
        assert all(not question.mistakes[at] for at in question.right if question.mistakes)
    by_stars = failures()["by_stars"]
    hardest = min(("1", "4", "7", "10"), key=lambda name: by_stars[name]["accuracy"])
    assert [stars.choices[at] for at in stars.right] == [hardest]
    rows = measured()["test"]["reliability"]
    furthest = sorted(rows, key=lambda row: abs(row["mean_probability"] - row["share_positive"]))[
        -1
    ]
    assert f"{furthest['reviews']:,} reviews" in word.text
    assert [word.choices[at] for at in word.right] == [f"{furthest['share_positive']:.0%}"]
    assert word.mistakes[word.choices.index(f"{furthest['mean_probability']:.0%}")]
    best = sorted(HISTORIES[network], key=lambda row: row["development_accuracy"])[-1]["epoch"]
    assert [stop.choices[at] for at in stop.right] == [f"Those after epoch {best}"]
    assert [curve.choices[at] for at in curve.right] == [f"{measured()['test']['roc_auc']:.1%}"]
    assert f"{measured()['test']['accuracy']:.1%}" in curve.choices


def test_the_area_is_how_often_a_positive_one_is_ranked_above_a_negative_one():
    """What the question calls right, counted pair by pair on scores that are drawn."""
    random = np.random.default_rng(3)
    positive = random.random(200) < 0.4
    scores = random.normal(size=200) + positive
    pairs = [a > b for a in scores[positive] for b in scores[~positive]]
    assert measures(sigmoid(scores), positive)["roc_auc"] == pytest.approx(np.mean(pairs))


def test_the_program_prints_the_area_by_ranks_too(capsys):
    exec(programs("report").lstm_core, {})
    assert f"{measured()['test']['roc_auc']:.4f}" in capsys.readouterr().out
    # Between two of its points the curve bulges, so that the area of so few is a little small.
    assert 0 < measured()["test"]["roc_auc"] - area() < 0.005


def test_the_sentence_of_a_threshold_names_what_is_found():
    sentence = lesson.threshold_sentence(measured(), 1)
    found = measured()["test"]["roc"]["true_positive_rate"][1]
    assert f"**{100 * found:.1f} of 100**" in sentence
    cells = measured()["test"]["confusion"]
    share = cells["false_positive"] / (cells["false_positive"] + cells["true_negative"])
    assert sentence.endswith(f"stands at {100 * share:.0f}.")
    assert lesson.START["report_false"] == round(100 * share)


def test_the_report_compares_every_reader():
    baselines = measured(ASSETS / "baselines")
    bench = {OURS: {"ms": 7.1234, "mb": 99.6}}
    table = lesson.comparison_table(measured(), baselines, bench)
    assert len(table["reader"]) == 6
    assert table["ms a review"][0] == "7.12"
    assert table["memory, MB"] == ["100", *["–"] * 5]
    assert table["test accuracy"][0] == f"{measured()['test']['accuracy']:.2%}"


def test_no_label_of_the_reliability_diagram_is_cut_off():
    rows = measured()["test"]["reliability"]
    figure = figures.reliability_diagram(rows, LIGHT)
    dots = figure.data[1]
    assert dots.cliponaxis is False
    first, *others = dots.text
    assert first == f"{rows[0]['reviews']:,} reviews"
    assert others == [f"{row['reviews']:,}" for row in rows[1:]]
    # On a chart of 400 px a label needs some 30 of them beyond the middle of its dot.
    low, high = figure.layout.yaxis.range
    height = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    for x, y, place in zip(dots.x, dots.y, dots.textposition, strict=True):
        room = (y - low if place.startswith("bottom") else high - y) / (high - low) * height
        assert room >= 30, (x, y)
        # It points to the middle of the chart, never off its side.
        assert place.endswith("right") == (x < 50)


def test_the_roc_curve_marks_the_chosen_point():
    test = measured()["test"]
    figure = figures.roc(test["roc"], test["roc_auc"], LIGHT, 13)
    chosen = figure.data[2]
    assert chosen.x[0] == pytest.approx(13.0)
    assert chosen.y[0] == 100 * test["roc"]["true_positive_rate"][13]


@pytest.mark.parametrize("network", HISTORIES)
def test_the_text_on_overfitting_is_about_the_network_whose_curves_are_drawn(network):
    history, chosen = lesson.histories(measured(), TRAINING)[network]
    text = lesson.overfitting(network, history, chosen)
    kept = history[chosen - 1]
    assert text.startswith(f"{network}, epoch {chosen}: a gap")
    gap = 100 * (kept["train_accuracy"] - kept["development_accuracy"])
    assert f"**{gap:.1f} points**" in text
    better = [r for r in history if r["development_accuracy"] > kept["development_accuracy"]]
    best = max(row["development_accuracy"] for row in history)
    assert (f"{best:.1%}" in text) == bool(better)
    least = min(row["development_loss"] for row in history)
    by_loss = bool(better) and kept["development_loss"] == least
    assert ("least loss" in text) == by_loss
    assert ("Best on other reviews" in text) == (bool(better) and not by_loss)
    drawn = figures.learning_curves(history, chosen, LIGHT)
    assert any(f"gap {gap:.1f} points" in one.text for one in drawn.layout.annotations)


def test_untied_predictions_stay_below_the_bound_and_tied_ones_may_exceed_it():
    """The bound on Spearman's correlation with a label of two values, ranked by hand."""
    labels = np.repeat([0.0, 1.0], 500)
    bound = np.sqrt(3) / 2
    untied = np.arange(1000.0)
    assert np.corrcoef(untied, labels)[0, 1] == pytest.approx(bound, abs=1e-3)
    # Rounded to tenths, some predictions share the mean of their ranks.
    tied = np.array([untied[labels == label].mean() for label in labels])
    assert np.corrcoef(tied, labels)[0, 1] == pytest.approx(1.0)
    assert lesson.REPORTED_AGREEMENT["spearman"] > bound
    assert "rounded" in lesson.about_agreement(measured())


def test_every_reader_is_drawn_and_the_best_one_is_on_top():
    rows = lesson.readers(measured(), TRAINING, measured(ASSETS / "baselines"))
    assert [row["test"] for row in rows.values()] == sorted(
        (row["test"] for row in rows.values()), reverse=True
    )
    figure = figures.accuracies(rows, LIGHT)
    test = next(trace for trace in figure.data if trace.name == "test")
    assert len(test.x) == len(rows) == 6
    named = {one.y: one.text for one in figure.layout.annotations}
    assert len(named) == len(rows)
    assert "Ours" in named[max(named)]
    assert max(test.y) == max(named)


def test_what_the_linear_model_counts_is_said():
    text = lesson.comparison_sentence(measured(), measured(ASSETS / "baselines"))
    assert "pairs of neighbouring words" in text


def test_errors_are_listed_as_text_with_their_word_marked():
    row = failures()["surest"][0] | {"excerpt": "a <b>Great</b> film", "word": "great"}
    html = lesson.errors_list([row])
    assert "<b>" not in html
    assert "&lt;b&gt;<mark>Great</mark>&lt;/b&gt; film" in html
    assert f'href="{row["film"]}"' in html


def test_a_wrong_answer_says_why_it_is_wrong_and_not_what_is_right():
    for state in STATES:
        for question in exercises.quiz(state):
            right = {question.feedback[place] for place in question.right}
            every = enumerate(question.feedback)
            wrong = {one for place, one in every if place not in question.right}
            assert not right & wrong, question.text


def squares(svg):
    """Return left, top and side of every square in a drawing."""
    found = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', svg)
    return [(float(x), float(y), float(w)) for x, y, w, h in found if float(w) == float(h)]


@pytest.mark.parametrize("sheet", [distillation.WIDE, distillation.TALL], ids=["wide", "tall"])
@pytest.mark.parametrize("training", [taught_by_an_encoder(), BEFORE], ids=["new", "before"])
def test_the_area_of_a_square_is_its_parameters(training, sheet):
    taking_part = lesson_of(training, judges(training, measured()))
    listed = [one for one in taking_part if one.name not in {JOINT, SOFT_LABELS}]
    svg = distillation.svg(taking_part, LIGHT, sheet)
    drawn = squares(svg)
    assert len(drawn) == len(listed)
    size = distillation.UNCOUNTED
    areas = [
        side**2 / (one.parameters or size) for one, (*_, side) in zip(listed, drawn, strict=True)
    ]
    assert areas == pytest.approx([areas[0]] * len(areas), rel=0.02)
    assert svg.count('stroke-dasharray="6 5"') == sum(one.parameters is None for one in listed)
    # The teachers stand below each other, and all within the sheet.
    for (_, y, side), (_, below, _) in pairwise(drawn[:-1]):
        assert y + side <= below
    width, height = map(float, re.search(r'viewBox="0 0 (\d+) (\d+)"', svg).groups())
    assert all(x >= 0 and x + side <= width and y + side <= height for x, y, side in drawn)
    lines = [float(y) for y in re.findall(r'<text x="[\d.]+" y="([\d.]+)"', svg)]
    assert 0 < min(lines) <= max(lines) <= height


def test_every_number_of_who_teaches_and_the_student_stands_on_the_picture_and_in_its_alternative():
    training = taught_by_an_encoder()
    listed = lesson_of(training, judges(training, measured()))
    svg = distillation.svg(listed, LIGHT)
    for line in (line for one in listed for line in taught.lines(one)):
        assert f">{line}<" in svg
        assert line in taught.alt(listed)
    assert "22.6 million parameters" in svg
    assert "183 ms a review" in svg
    assert "203,456 short texts" in svg
    assert "Word sequences" not in svg
    assert "Word sequences" in distillation.svg(judges(training, measured()), LIGHT)


def test_the_sentence_sets_the_student_beside_the_encoder_or_the_best_teacher():
    listed = judges(taught_by_an_encoder(), measured())
    said = taught.sentence(listed)
    assert "the encoder 92.3%" in said
    assert f"**{5_003_522 / 22_565_378:.0%}** of the parameters" in said
    assert f"{7.3 / 183.4:.0%} of the time" in said
    assert "its best teacher 91.5%, all teachers together 92.6%" in taught.sentence(
        judges(BEFORE, measured())
    )


def test_three_sentences_say_what_distillation_is():
    said = taught.three_sentences(taught_by_an_encoder())
    assert said.count("\n") == 2
    assert "45,037 reviews and 203,456 short texts" in said
    assert "short texts" not in taught.three_sentences(BEFORE)
    assert "6,123 pieces" in taught.caption(taught_by_an_encoder())
    assert "pieces" not in taught.caption(BEFORE)


def test_the_tables_of_teachers_and_trials_have_a_row_for_each():
    listed = judges(taught_by_an_encoder(), measured())
    table = taught.table(listed)
    assert {len(column) for column in table.values()} == {5}
    assert table["parameters"] == ["22,565,378", "5,003,522", "1,234,567", "–", "5,003,522"]
    assert table[""][-1] == STUDENT
    changed = taught.change_table(TRIALS)
    assert changed["after"][changed["measured on"].index("own sentences: negation")] == "0.90"
    assert taught.trials_table(TRIALS)["by experts"] == ["–", "–", "0.800"]
    assert taught.change_table(TRIALS[:1]) == taught.trials_table(None) == {}
    columns = taught.trials_columns(TRIALS)
    assert columns["probe.negation"] == [0.6, 0.7, 0.9]
    assert columns["contrast"] == [None, None, 0.8]
