"""Codes of other calls than sending."""

from typing import Final

from providers.zns.codes.rows import aside

ASIDE: Final = (
    aside(code="-107", meaning="Message id invalid", advice="Check the message id in the query."),
    aside(code="-1091", meaning="The template cannot be edited", advice="Only rejected templates can be edited."),
    aside(
        code="-1201",
        meaning="The Official Account may not create templates of tag 3",
        advice="The Official Account needs the promotion tag first.",
    ),
    aside(
        code="-1202",
        meaning="The Official Account may not use media in templates",
        advice="Make the template without media, or ask Zalo for the permission.",
    ),
    aside(code="-142", meaning="There is no RSA key", advice="Generate the key first."),
    aside(code="-143", meaning="The RSA key exists already", advice="Use the existing key."),
    aside(code="-158", meaning="The uploaded file is too large", advice="Upload a file of at most 500 KB."),
    aside(code="-159", meaning="The uploaded file has a wrong format", advice="Upload a JPG or PNG file."),
    aside(
        code="-160",
        meaning="The day's calls to create, edit or upload are used up",
        advice="Go on tomorrow.",
    ),
)
