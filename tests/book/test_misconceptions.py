"""Every mistake has a counter-example that runs, and shows what it says."""

import re

import pytest

from pages._book import misconceptions
from pages._book.misconceptions import BY_KEY, MISCONCEPTIONS


@pytest.mark.parametrize("one", MISCONCEPTIONS, ids=lambda one: one.key)
def test_a_counter_example_runs_and_says_numbers(one):
    said = one.evidence()
    assert re.search(r"\d|“", said)
    assert "{" not in said
    assert said == one.evidence(), "the same every time"
    assert one.chapters


def test_keys_are_unique():
    assert len(BY_KEY) == len(MISCONCEPTIONS) >= 30


def numbers(said):
    said = re.sub(r"(?<=\d),(?=\d{3})", "", said.replace("·10", "e"))
    said = said.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-"))
    return [float(n) for n in re.findall(r"-?\d+\.?\d*(?:e[+-]?\d+)?", said)]


def test_counter_examples_counter():
    joined, added = re.findall(r"\(([^)]*)\)", misconceptions.concatenation_is_addition())[:2]
    assert joined != added
    assert numbers(misconceptions.lstm_never_vanishes())[-1] < 1e-15
    assert numbers(misconceptions.lstm_cures_explosion())[-1] > 1e3
    direct, full = numbers(misconceptions.direct_path_is_all())[-2:]
    assert full > 100 * direct
    assert numbers(misconceptions.cell_state_bounded())[-1] == pytest.approx(17.8, abs=0.1)
    assert "with f = 1 it is 1, with f = 0 it is 0." in misconceptions.forget_one_forgets()
    c, o, right, wrong = numbers(misconceptions.tanh_misdrawn())[1:5]
    assert right < 1 < wrong == pytest.approx(o * c, rel=1e-2)
    early, late = numbers(misconceptions.clip_after_step())[-2:]
    assert early == pytest.approx(0.1)
    assert late == pytest.approx(5)
    bare, padded, masked = re.findall(r"\(([^)]*)\)", misconceptions.padding_is_text())
    assert bare == masked != padded
    carried, whole, reset = re.findall(r"\(([^)]*)\)", misconceptions.truncation_resets_state())
    assert carried == whole != reset
    right, mixed = re.findall(r"\(([^)]*)\)", misconceptions.gate_order())
    assert right != mixed
    assert "stays at 1." in misconceptions.gru_is_merged_lstm()
    assert "3.8°" in misconceptions.clipping_cures_vanishing()
