"""A model of text that only counts: how often did each character follow the last few?

What a network has to beat. Its probabilities for long contexts rest on those for shorter ones:

    p_k(c) = (n(context_k c) + w p_(k-1)(c)) / (n(context_k) + w),   w = weight x kinds(context_k)

with kinds the number of different characters seen after the context. Witten and Bell: The
Zero-Frequency Problem, 1991; Chen and Goodman, 1998, section 2.4.
"""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np

from lstm_core.cells.arrays import Array


class CharacterCounts:
    """Counts of what followed each context of up to ``order - 1`` characters."""

    def __init__(self, text: str, order: int) -> None:
        """Count.

        Args:
            text: to learn from.
            order: characters looked at together; 1 looks at no context, 3 is a trigram.
        """
        self.order = order
        self.vocabulary = "".join(sorted(set(text)))
        self._after: list[dict[str, Counter[str]]] = []
        for length in range(order):
            table: defaultdict[str, Counter[str]] = defaultdict(Counter)
            for place in range(length, len(text)):
                table[text[place - length : place]][text[place]] += 1
            self._after.append(dict(table))

    def probability(self, context: str, character: str, weight: float = 1.0) -> float:
        """Compute p(character | context) by the module's equation, down to all alike."""
        share = 1.0 / len(self.vocabulary)
        for length in range(min(self.order - 1, len(context)) + 1):
            after = self._after[length].get(context[len(context) - length :])
            if after is None:
                break
            held = weight * len(after)
            share = (after[character] + held * share) / (after.total() + held)
        return share

    def bits(self, text: str, weight: float = 1.0) -> Array:
        """Measure -log2 p of every character but the first, given those before it."""
        reach = self.order - 1
        shares = [
            self.probability(text[max(0, place - reach) : place], text[place], weight)
            for place in range(1, len(text))
        ]
        return -np.log2(shares)
