"""Messages in English that keep their parts, so that an application can say them in another language."""

from __future__ import annotations

from typing import Self


class Message(str):
    """A message in English that can be said again in another language, or in another process.

    Attributes:
        template: with its ``{places}``.
        values: what stands in them.
    """

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, values: dict[str, object] | None = None) -> Self:
        """Write a template with its values."""
        message = super().__new__(cls, template.format(**values) if values else template)
        message.template, message.values = template, values or {}
        return message

    def __reduce__(self) -> tuple[type[Self], tuple[str, dict[str, object]]]:
        return type(self), (self.template, self.values)


def later(template: str, /, **values: object) -> Message:
    """Write a message in English for whoever says it to a visitor later."""
    return Message(template, values)


def mark(message: str) -> str:
    """Mark a message of a table or a constant for translation; who shows it calls ``say``."""
    return message
