"""A network that writes letter by letter."""
