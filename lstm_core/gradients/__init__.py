"""Gradients over time: the way back, what carries it, and what helps where it vanishes or explodes."""
