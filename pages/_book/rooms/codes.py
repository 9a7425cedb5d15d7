"""The code by which a class finds a room, and the keys by which the room knows who writes."""

from __future__ import annotations

import random
import re
import secrets

LETTERS = "BCDFGHJKMNPRSTVWXZ"
"""What codes are made of: no vowels, so that no code is a word, and no letters that look alike."""
CODE = re.compile(f"[{LETTERS}]{{4}}")
TYPED = re.compile("[A-Za-z]{1,12}")
"""What somebody may have typed for a code; whether there is such a room, the room's line says."""
KEY = re.compile("[0-9a-f]{32}")


def draw_code(chance: random.Random) -> str:
    """Draw a code, as the browser of a lecturer does; a code is no secret."""
    return "".join(chance.choices(LETTERS, k=4))


def new_key() -> str:
    """Draw a key of 128 bits, in hexadecimal digits."""
    return secrets.token_hex(16)
