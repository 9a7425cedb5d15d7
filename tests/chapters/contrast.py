"""The contrast of colours as WCAG 2.1 defines it."""

import re


def channels(colour):
    """Return the channels of ``#rrggbb``, 0 to 255."""
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def over(colour, ground):
    """Return the channels of ``rgba(...)`` as it is seen on a ground."""
    *inks, opacity = map(float, re.findall(r"[\d.]+", colour))
    return [opacity * c + (1 - opacity) * g for c, g in zip(inks, channels(ground), strict=True)]


def luminance(colour):
    """Return the relative luminance of channels, 0 to 1."""
    parts = [c / 255 for c in colour]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """Return the contrast of two colours, each as channels: 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
