"""The trained network that reads reviews: tokens, reading, scoring, training, measuring."""
