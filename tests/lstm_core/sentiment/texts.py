"""Texts of our own that the tests let the network read: a warm, a cold and a torn review, and an advertisement."""

WARM = (
    "I expected little and had a wonderful evening. The cast is charming, the jokes are warm and never "
    "cruel, and the last scene moved me to tears. The middle is a bit long, but the film is so "
    "generous and so beautifully shot that I did not mind. I loved it and recommend it to everyone!"
)
COLD = (
    "Two hours of my life that I will not get back. The plot makes no sense, the dialogue is painful, "
    "and the actors look bored. The effects are cheap and the ending is ridiculous. A complete waste "
    "of time; avoid it."
)
TORN = (
    "The first half hour is terrific: tense, funny and superbly acted, and I hoped for the best thriller "
    "of the year. Then it falls apart. The twist is silly, the villain becomes a cartoon, and nobody "
    "seems to care about the people any more. There are a few lovely moments, but in the end I left the "
    "cinema disappointed."
)
ADVERTISEMENT = (
    "Fantastic! This little lamp gave me a perfectly warm light, as every lamp should. I only bought one "
    "but will definitely be buying again!"
)
REVIEWS = (WARM, COLD, TORN)
