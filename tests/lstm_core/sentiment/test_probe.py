"""The sentences of our own, and what counts as right."""

from lstm_core.sentiment.probe import probe_rates, read_probe


def test_the_probe_is_balanced_and_says_what_it_expects():
    probe = read_probe()
    classes = {row["class"] for row in probe}
    assert classes >= {
        *("negation", "contrast", "irony", "comparison"),
        *("temporal", "neutral", "emoji", "misspelling"),
    }
    assert len({row["text"].casefold() for row in probe}) == len(probe)
    for name in classes:
        expected = [row["expected"] for row in probe if row["class"] == name]
        assert 60 <= len(expected) <= 100
        assert set(expected) <= {"positive", "negative", "unclear"}


def test_probe_rates_count_sides_and_silence(reader):
    probe = [
        {"class": "plain", "expected": "positive", "text": "A wonderful, superb, lovely film!"},
        {"class": "plain", "expected": "positive", "text": "A dreadful, boring, awful film!"},
        {"class": "silence", "expected": "unclear", "text": "Xyzzy plugh frobnicate."},
    ]
    rates = probe_rates(reader, probe)
    assert rates["plain"]["rate"] == 0.5
    assert rates["silence"]["rate"] == 1.0
