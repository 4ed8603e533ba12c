"""The picture of a badge as SVG: flat, in the style of shields.io, without script and style.

Owns the measures of the picture. `textLength` makes each text fill its width in any font, so the
table of widths only has to be near those of the fonts. Pure.
"""

from html import escape

HEIGHT = 20
_PADDING = 6
_LABEL_COLOR = "#3c3f44"
_FONT_PX = 11
_FONTS = "Verdana,Geneva,DejaVu Sans,sans-serif"

# Widths of Verdana in 1/2048 of its size. Other characters have the width of a capital letter, and
# those of East Asian scripts that of the font's size.
_UNITS = 2_048
_OTHER_WIDTH = 1_460
_WIDE_WIDTH = 2_048
_FIRST_WIDE = "\u1100"
_WIDTHS = {
    **dict.fromkeys("0123456789", 1_302),
    **dict.fromkeys("abdeghknopqu", 1_276),
    **dict.fromkeys("csvxyz", 1_150),
    **dict.fromkeys("ijl.,:;|!' I()[]", 720),
    **dict.fromkeys("frt-/", 860),
    **dict.fromkeys("mwMWQ@", 1_900),
    "%": 2_204,
}


def width_px(text: str) -> int:
    """Return about how wide a text is in the font of a badge."""
    units = sum(
        _WIDE_WIDTH if one >= _FIRST_WIDE else _WIDTHS.get(one, _OTHER_WIDTH) for one in text
    )
    return max(1, round(units * _FONT_PX / _UNITS))


def svg(label: str, message: str, color: str) -> str:
    """Return the picture. Texts are escaped, and readers of screens read both."""
    left, right = (width_px(text) + 2 * _PADDING for text in (label, message))
    width = left + right
    name = _xml(f"{label}: {message}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT}"'
        f' role="img" aria-label="{name}"><title>{name}</title>'
        f'<clipPath id="r"><rect width="{width}" height="{HEIGHT}" rx="3"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{left}" height="{HEIGHT}" fill="{_LABEL_COLOR}"/>'
        f'<rect x="{left}" width="{right}" height="{HEIGHT}" fill="{_xml(color)}"/></g>'
        f'<g fill="#fff" font-family="{_FONTS}" font-size="{_FONT_PX}" aria-hidden="true">'
        f"{_text(label, _PADDING)}{_text(message, left + _PADDING)}</g></svg>"
    )


def _text(text: str, x: int) -> str:
    return f'<text x="{x}" y="14" textLength="{width_px(text)}">{_xml(text)}</text>'


def _xml(text: str) -> str:
    """Return a text for XML, without the characters that XML does not allow."""
    allowed = "".join(
        one if one in "\t\n" or (one >= " " and not "\ud800" <= one <= "\udfff") else "\ufffd"
        for one in text
    )
    return escape(allowed.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd"))
