"""Tour, quests and questions of the page of many reviews; the state is the file that was scored."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lstm_core.sentiment.bulk import Scored
from lstm_core.sentiment.calibration import UNCLEAR as BETWEEN
from pages._book.exercises import Card, Quest
from pages._book.language import decimal, mark, plural, say
from pages._book.questions import Question
from pages.many.lesson import NEGATIVE, NO_REVIEW, PASTE, POSITIVE, START, UNCLEAR, tenths

FEW, SEVERAL = 2, 3
"""So many rows must be read besides a broken one, and so many in a file with an unclear one."""
APART = 1.0
"""So many reviews lie between counting and adding up."""


@dataclass(frozen=True)
class Scoring:
    """What is on the screen.

    Attributes:
        rows: of the file that was scored; none while it is under way.
        own: whether it is the visitor's own file, not the example.
    """

    rows: Scored
    own: bool

    @property
    def known(self) -> list[float]:
        """The probability of each row that could be scored."""
        return [p for p in self.rows.probabilities if not math.isnan(p)]

    @property
    def counted(self) -> int:
        """How many rows are above one half."""
        return sum(p >= 0.5 for p in self.known)

    @property
    def expected(self) -> float:
        """How many positive rows their probabilities make one expect."""
        return sum(self.known)

    def of(self, verdict: str) -> list[float]:
        """Return the probabilities of the rows with a verdict."""
        pairs = zip(self.rows.verdicts, self.rows.probabilities, strict=True)
        return [p for name, p in pairs if name == verdict]


def _scored(values: Mapping[str, Any]) -> bool:
    """Say whether some rows of a file of the visitor's own are done."""
    live = values.get("many_live")
    return live is not None and live.job.done > 0


_EXAMPLE = {key: START[key] for key in ("many_source", "many_kinds", "many_words")}
"""What is written and read stays as it is, so that nobody loses a text by going back to a card."""
TOUR = (
    Card(
        mark("A file at a glance"),
        mark(
            "The example is scored already: a row for each text, with its probability. **Choose “mixed "
            "or unclear” under “Show only”** to see where no side is taken."
        ),
        sets=_EXAMPLE,
        cue="many_kinds",
        done=lambda values: UNCLEAR in (values.get("many_kinds") or []),
        panel="rows",
    ),
    Card(
        mark("A review that is a formula"),
        mark(
            "One row begins with an equals sign; a spreadsheet would compute it. Here it is read as "
            "text, and has an apostrophe in front in the table and in the download. **Type = into the "
            "field beside the table** and press Enter."
        ),
        sets=_EXAMPLE,
        cue="many_words",
        done=lambda values: "=" in (values.get("many_words") or ""),
        panel="rows",
    ),
    Card(
        mark("Rows of your own"),
        mark("Now it is your turn. **Choose “A pasted column”** under “What to score”."),
        sets=_EXAMPLE,
        cue="many_source",
        done=lambda values: values.get("many_source") == PASTE,
        panel="many",
    ),
    Card(
        mark("One review a line"),
        mark(
            "**Write three lines or more** and leave the field. Try one that is hard to judge, and one "
            "without any word: a broken row stops no other one."
        ),
        sets={"many_source": PASTE},
        cue="many_pasted",
        done=lambda values: (
            sum(map(bool, (values.get("many_pasted") or "").split("\n"))) >= SEVERAL
        ),
        panel="many",
    ),
    Card(
        mark("In turns"),
        mark(
            "**Press “Score them”.** Your file is computed a slice at a time, and between two slices "
            "it is another visitor's turn. The panel “The rows” shows what is done, and offers it as a file "
            "at the end."
        ),
        sets={"many_source": PASTE},
        cue="many_start",
        done=_scored,
        panel="many",
    ),
)


def _of_own_rows(state: Scoring, text: str) -> str:
    """Say how far a quest is, once there is a file of the visitor's own."""
    if not state.own:
        return say("This is the example; paste or upload something of your own.")
    if not state.rows.lines:
        return say("No row is done yet.")
    return text


def _unclear_progress(state: Scoring) -> str:
    return _of_own_rows(
        state,
        plural(
            "{count} row was read, {unclear} of them “mixed or unclear”.",
            "{count} rows were read, {unclear} of them “mixed or unclear”.",
            len(state.known),
            unclear=len(state.of(UNCLEAR)),
        ),
    )


def _kept_progress(state: Scoring) -> str:
    return _of_own_rows(
        state,
        say(
            "Rows that were read: {read}; rows that could not be: {failed}.",
            read=len(state.known),
            failed=state.rows.failed,
        ),
    )


def _apart_progress(state: Scoring) -> str:
    return _of_own_rows(
        state,
        say(
            "Above one half: {counted:,}. The probabilities add up to {expected:,.1f}.",
            counted=state.counted,
            expected=state.expected,
        ),
    )


QUESTS = (
    Quest[Scoring](
        "no-side",
        mark(
            "Score rows of your own, three or more that can be read, so that at least one is “mixed or "
            "unclear”."
        ),
        lambda state: state.own and len(state.known) >= SEVERAL and bool(state.of(UNCLEAR)),
        _unclear_progress,
        mark("Compare, weigh, or praise faintly."),
    ),
    Quest[Scoring](
        "stops-nothing",
        mark(
            "Score a file of your own in which one row cannot be scored, and two or more others can."
        ),
        lambda state: state.own and state.rows.failed > 0 and len(state.known) >= FEW,
        _kept_progress,
        mark("A line of marks alone has no word to read."),
    ),
    Quest[Scoring](
        "counted-or-added",
        mark(
            "Score rows of your own of which the number above one half differs by 1 or more from the "
            "sum of their probabilities."
        ),
        lambda state: state.own and abs(state.counted - state.expected) >= APART,
        _apart_progress,
        mark(
            "Several rows just above one half, or several just below it; the same row may come twice."
        ),
    ),
)


def quiz(state: Scoring) -> tuple[Question, ...]:
    """Ask of counting, of errors among sure ones, of the threshold, of rows that are broken."""
    if not state.known:
        return ()
    questions = (
        _how_many_positive(state),
        _expected_errors(state),
        _threshold(state),
        _broken(state),
    )
    return tuple(question for question in questions if question is not None)


def _how_many_positive(state: Scoring) -> Question:
    """Ask what counting verdicts gives, against adding up calibrated probabilities."""
    counted, expected = state.counted, state.expected
    right = 0 if counted > expected + 0.05 else 1 if counted < expected - 0.05 else 2
    fact = say(
        "Rows above one half: {counted:,}. The probabilities add up to {expected:,.1f}: if they are "
        "calibrated, about so many rows are positive.",
        counted=counted,
        expected=expected,
    )
    return Question(
        say(
            "You count the rows above 50% to say how many writers liked it. Compared with what the "
            "probabilities make you expect, is that"
        ),
        (say("too many"), say("too few"), say("about right")),
        (right,),
        tuple(
            fact
            if place == right
            else say(
                "Counting gives {counted:,}. Now add up the probabilities of the same rows.",
                counted=counted,
            )
            for place in range(3)
        ),
    )


def _expected_errors(state: Scoring) -> Question | None:
    """Ask how many of the rows with a side are on the wrong one."""
    positive, negative = state.of(POSITIVE), state.of(NEGATIVE)
    if not positive and not negative:
        return None
    wrong = [1 - p for p in positive] or negative
    side = POSITIVE if positive else NEGATIVE
    share, most = sum(wrong) / len(wrong), 1 - BETWEEN[1]
    right = tuple(place for place, x in enumerate((0.0, share, most)) if abs(x - share) < 0.0005)
    fact = say(
        "Each of these {count:,} verdicts has a chance of being wrong. The chances add up to "
        "{wrong:.2f}: {share:.1%} of the rows.",
        wrong=sum(wrong),
        count=len(wrong),
        share=share,
    )
    return Question(
        say(
            "“{verdict}” stands beside so many rows: {count:,}. If the probabilities are calibrated, "
            "how many of these verdicts are wrong?",
            verdict=say(side),
            count=len(wrong),
        ),
        (
            say("None of them"),
            say("{share:.1%} of them", share=share),
            say("A third of them, for so much the threshold allows"),
        ),
        right,
        tuple(
            fact if place in right else wrong
            for place, wrong in enumerate(
                (
                    say("Then each of these rows would have a probability of 0 or 1."),
                    fact,
                    say("A third is the largest chance of being wrong that one row can have."),
                )
            )
        ),
    )


def _threshold(state: Scoring) -> Question | None:
    """Ask from which probability on a row is called positive."""
    pairs = zip(state.rows.lines, state.rows.probabilities, state.rows.verdicts, strict=True)
    rows = [
        (abs(p - 0.5), line, p) for line, p, verdict in pairs if verdict and verdict != NO_REVIEW
    ]
    if not rows:
        return None
    _, line, probability = min(rows)
    unclear = state.of(UNCLEAR)
    fact = say(
        "Between {low:.0%} and {high:.0%} the odds are under two to one, and no side is taken. Such rows "
        "here: {unclear:,}. A threshold at one half would call {above:,} of them positive.",
        low=BETWEEN[0],
        high=BETWEEN[1],
        unclear=len(unclear),
        above=sum(p >= 0.5 for p in unclear),
    )
    return Question(
        say(
            "Nearest to one half is line {line:,}, with {probability:.1%} positive. What is the least "
            "with which it would be called positive?",
            line=line,
            probability=probability,
        ),
        tuple(decimal(share, ".1%") for share in (BETWEEN[0], 0.5, BETWEEN[1])),
        (2,),
        (
            say("Up to there the odds for negative are two to one or more."),
            say("At one half, positive and negative are as likely; such rows get no side."),
            fact,
        ),
    )


def _broken(state: Scoring) -> Question | None:
    """Ask what becomes of rows that could not be scored."""
    failed, every = state.rows.failed, len(state.rows.lines)
    if not failed:
        return None
    fact = say(
        "The bars add up to {drawn:,}: of {every:,} rows all but {failed:,}.",
        drawn=sum(tenths(state.rows)),
        every=every,
        failed=failed,
    )
    return Question(
        say(
            "Rows that could not be scored: {failed:,}. How do the bars count them?", failed=failed
        ),
        (say("Not at all"), say("As one half, for nothing is known"), say("As negative")),
        (0,),
        (
            fact,
            say("Then the bars beside one half would hold them. Add up all the bars."),
            say("Then the bars on the left would hold them. Add up all the bars."),
        ),
    )
