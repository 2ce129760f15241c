"""Which licence a text is, by sentences that stand in it and in no other; and whose copyright it states.

The texts are those of https://spdx.org/licenses/. A text that is none of them states no licence: guessing would be worse.
"""

import re
from collections.abc import Iterator
from typing import Final

from modelwarden.domain.format import ByteSource
from modelwarden.domain.location import Span
from modelwarden.domain.observation import Property
from modelwarden.domain.preview import shorten

_LONGEST: Final = 256 << 10
_TITLE: Final = 600
"""Characters in which the title of a long licence stands."""
_TITLES: Final = (
    ("GNU affero general public license version 3", "AGPL-3.0"),
    ("GNU lesser general public license version 3", "LGPL-3.0"),
    ("GNU lesser general public license version 2.1", "LGPL-2.1"),
    ("GNU library general public license version 2", "LGPL-2.0"),
    ("GNU general public license version 3", "GPL-3.0"),
    ("GNU general public license version 2", "GPL-2.0"),
    ("Apache license version 2.0", "Apache-2.0"),
    ("Mozilla public license version 2.0", "MPL-2.0"),
    ("Eclipse public license - v 2.0", "EPL-2.0"),
    ("European union public licence v. 1.2", "EUPL-1.2"),
    ("Boost software license - version 1.0", "BSL-1.0"),
    ("Artistic license 2.0", "Artistic-2.0"),
    ("Llama 2 community license", "llama2"),
    ("Meta Llama 3 community license", "llama3"),
    ("Llama 3.1 community license", "llama3.1"),
    ("Llama 3.2 community license", "llama3.2"),
    ("Llama 3.3 community license", "llama3.3"),
    ("Llama 4 community license", "llama4"),
    ("Gemma terms of use", "gemma"),
    ("CreativeML Open RAIL", "creativeml-openrail-m"),
    ("BigScience RAIL license", "bigscience-bloom-rail-1.0"),
    ("BigCode Open RAIL-M", "bigcode-openrail-m"),
)
_CREATIVE: Final = re.compile(
    r"(?:creative commons )?attribution((?: ?- ?| )non ?commercial)?((?: ?- ?| )no ?deriv(?:ative)?s)?((?: ?- ?| )share ?alike)?"
    r" (1\.0|2\.0|2\.5|3\.0|4\.0)"
)
_SENTENCES: Final = (
    ("cc0 1.0 universal", "CC0-1.0"),
    ("this is free and unencumbered software released into the public domain", "Unlicense"),
    (
        "permission to use, copy, modify, and/or distribute this software for any purpose with or without fee",
        "ISC",
    ),
    (
        "permission to use, copy, modify, and distribute this software for any purpose with or without fee",
        "ISC",
    ),
    ("permission is hereby granted, free of charge, to any person obtaining a copy of this software", "MIT"),
    ("do what the fuck you want to public license", "WTFPL"),
    ("this software is provided 'as-is', without any express or implied warranty", "Zlib"),
)
_BSD: Final = "redistribution and use in source and binary forms, with or without modification, are permitted"
_NO_ENDORSEMENT: Final = re.compile(
    r"neither the names? of .{1,200} may be used to endorse|may not be used to endorse"
)
_COPYRIGHT: Final = re.compile(
    r"^[ \t#*/]*(copyright (?:\(c\)|©|[12][0-9]{3})[^\r\n]{0,200})", re.IGNORECASE | re.MULTILINE
)
_PLACEHOLDER: Final = re.compile(r"[<\[{]|free software foundation", re.IGNORECASE)


def licence_text(source: ByteSource) -> Iterator[Property]:
    """The licence that the file is the text of, and the copyright lines in it."""
    text = source.read(0, _LONGEST).decode("utf-8", "replace")
    span = Span(0, min(source.size, _LONGEST))
    found = identified(text)
    if found:
        yield Property("licence", found, span)
        yield Property("licence-source", "text", span)
    for line in dict.fromkeys(match[1].strip() for match in _COPYRIGHT.finditer(text)):
        if not _PLACEHOLDER.search(line):
            yield Property("copyright", shorten(line), span)
            return


def identified(text: str) -> str:
    """The SPDX id of a text, or the name under which model hubs know it; empty when it is none of the common ones."""
    folded = " ".join(re.sub(r"[\"\u201c\u201d,]", " ", text[:_LONGEST]).lower().split())
    title = folded[:_TITLE]
    for words, licence in _TITLES:
        if words.lower() in title:
            return licence
    creative = _CREATIVE.search(title)
    if creative is not None:
        parts = (
            "BY",
            *(name for name, there in zip(("NC", "ND", "SA"), creative.groups(), strict=False) if there),
        )
        return f"CC-{'-'.join(parts)}-{creative[4]}"
    plain = " ".join(text.lower().split())
    for words, licence in _SENTENCES:
        if words in plain:
            return licence
    if _BSD in plain:
        return "BSD-3-Clause" if _NO_ENDORSEMENT.search(plain) else "BSD-2-Clause"
    return ""
