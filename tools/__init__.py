"""Commands for whoever works on the project; no tests, and nothing that the app needs."""
