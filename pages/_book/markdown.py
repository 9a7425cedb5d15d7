"""A visitor's text inside a sentence of the page's own."""


def plain(text: str) -> str:
    """Write text into Markdown so that nothing in it is markup."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]()<>#+-.!|~$:^=&" else c for c in text)
