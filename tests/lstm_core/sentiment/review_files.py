"""Files of reviews as people have them: made here, by rule, each with what it means."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import openpyxl

GOOD = "A warm and funny film, with great actors."
BAD = "Dull, slow and far too long; I left early."
MORE = "Not what I had hoped for.\nStill, the music is lovely."
PLAIN = [
    "The plot makes no sense at all and the jokes fall flat",
    "What a wonderful evening, everybody in the cinema laughed",
    "Two hours of my life that I will never get back",
    "The best performance of her long career so far",
    "It was fine, nothing special, but the children liked it",
    "I would watch it again tomorrow if I could",
]


@dataclass(frozen=True)
class File:
    """A file, and what is right for it.

    Attributes:
        name: of the file.
        content: of it.
        texts: of its reviews, in order.
        column: that holds them.
        told: assumptions that have to be said, not as usual ones.
        problems: how many rows cannot be scored.
        options: words of the command line.
        own: values of the first row's other columns.
    """

    name: str
    content: bytes
    texts: Sequence[str]
    column: str = ""
    told: tuple[str, ...] = ()
    problems: int = 0
    options: tuple[str, ...] = ()
    own: dict[str, str] = field(default_factory=dict)


def workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def lines(*rows: str, end: str = "\n") -> str:
    return end.join(rows) + end


TWEETS = lines(
    *(
        f'"{4 * (n % 2)}","14678103{n}","Mon Apr 06 22:19:4{n} PDT 2009","NO_QUERY","user{n}","{text}"'
        for n, text in enumerate(PLAIN)
    )
)
AMAZON = lines(*(f'"{n % 2 + 1}","A title, short","{text}"' for n, text in enumerate(PLAIN)))

FILES = {
    # ---- no heading ----
    "tweets without a heading": File(
        "a.csv", TWEETS.encode("latin-1"), PLAIN, "column 6", ("headings",)
    ),
    "label, title, text without a heading": File(
        "a.csv", AMAZON.encode(), PLAIN, "column 3", ("headings",)
    ),
    "one column without a heading": File(
        "a.csv", lines(*(f'"{t}"' for t in PLAIN)).encode(), PLAIN, told=("headings",)
    ),
    "text and label without a heading": File(
        "a.tsv",
        lines(*(f"{t}\t{n % 2}" for n, t in enumerate(PLAIN))).encode(),
        PLAIN,
        "column 1",
        ("headings",),
    ),
    "a question heads the answers": File(
        "a.csv",
        lines(
            '"Zeitstempel","How did you like the film? Please tell us in a few words."',
            *(f'"2024/01/0{n + 1} 3:05:1{n} PM GMT+1","{t}"' for n, t in enumerate(PLAIN)),
        ).encode(),
        PLAIN,
        "How did you like the film? Please tell us in a few words.",
        ("column",),
    ),
    # ---- text files ----
    "imdb_labelled.txt": File(
        "imdb_labelled.txt",
        lines(*(f"{t}.  \t{n % 2}" for n, t in enumerate(PLAIN))).encode(),
        [f"{t}." for t in PLAIN],
        "text",
        ("label",),
    ),
    "ham and spam": File(
        "a.txt",
        lines(*(f"{('ham', 'spam')[n % 2]}\t{t}" for n, t in enumerate(PLAIN))).encode(),
        PLAIN,
        "text",
        ("label",),
    ),
    "fastText": File(
        "a.txt",
        lines(*(f"__label__{n % 2 + 1} {t}" for n, t in enumerate(PLAIN))).encode(),
        PLAIN,
        "text",
        ("label",),
    ),
    "emotions": File(
        "train.txt",
        lines(
            *(
                f"{t.lower().replace(',', '')};{('joy', 'anger')[n % 2]}"
                for n, t in enumerate(PLAIN)
            )
        ).encode(),
        [t.lower().replace(",", "") for t in PLAIN],
        "text",
        ("label",),
    ),
    "phrase bank": File(
        "a.txt",
        lines(*(f"{t} .@{('positive', 'neutral')[n % 2]}" for n, t in enumerate(PLAIN))).encode(
            "latin-1"
        ),
        [f"{t} ." for t in PLAIN],
        "text",
        ("label",),
    ),
    "a table called .txt": File(
        "a.txt",
        lines("id;Review;Stars", *(f'{n};"{t}";{n % 5 + 1}' for n, t in enumerate(PLAIN))).encode(),
        PLAIN,
        "Review",
        ("separator", "column"),
    ),
    "lines with semicolons and commas": File(
        "a.txt",
        lines(*(f"{t}; and so on, truly" for t in PLAIN)).encode(),
        [f"{t}; and so on, truly" for t in PLAIN],
        "text",
    ),
    "cp1252 text": File(
        "a.txt",
        lines(*(f"{t} – it’s “good”" for t in PLAIN), end="\r\n").encode("cp1252"),
        [f"{t} – it’s “good”" for t in PLAIN],
        "text",
        ("encoding",),
    ),
    "UTF-16 text of an editor": File(
        "a.txt", lines(*PLAIN, end="\r\n").encode("utf-16"), PLAIN, "text"
    ),
    # ---- columns ----
    "Bewertung is a number of stars": File(
        "a.csv",
        lines(
            "Datum;Bewertung;Kommentar",
            *(f'0{n + 1}.02.2024;{n % 5 + 1} Sterne;"{t}"' for n, t in enumerate(PLAIN)),
        ).encode("cp1252"),
        PLAIN,
        "Kommentar",
        ("separator", "column"),
        own={"Bewertung": "1 Sterne"},
    ),
    "Bewertung is the text": File(
        "a.csv",
        lines("Sterne;Bewertung", *(f'{n % 5 + 1};"{t}"' for n, t in enumerate(PLAIN))).encode(),
        PLAIN,
        "Bewertung",
        ("separator", "column"),
    ),
    "stars and verdict of their own": File(
        "a.csv",
        lines(
            "stars,verdict,review,p_positive",
            *(f'{n % 5 + 1},ok,"{t}",0.5' for n, t in enumerate(PLAIN)),
        ).encode(),
        PLAIN,
        "review",
        ("added", "column"),
        own={"stars": "1", "verdict": "ok"},
    ),
    "review_body of Amazon": File(
        "a.tsv",
        lines(
            "marketplace\tproduct_title\tstar_rating\treview_headline\treview_body",
            *(
                f'US\tA "long" name of a thing {n}\t{n % 5 + 1}\tFine\t{t}'
                for n, t in enumerate(PLAIN)
            ),
        ).encode(),
        PLAIN,
        "review_body",
        ("column",),
    ),
    "Summary and Text": File(
        "a.csv",
        lines(
            "Id,UserId,Score,Summary,Text",
            *(f'{n},A{n}XY,{n % 5 + 1},"Good, mostly","{t}"' for n, t in enumerate(PLAIN)),
        ).encode(),
        PLAIN,
        "Text",
    ),
    "Positive_Review and Negative_Review": File(
        "a.csv",
        lines(
            "Hotel,Negative_Review,Positive_Review",
            *(f'H{n},No Negative,"{t}"' for n, t in enumerate(PLAIN)),
        ).encode(),
        PLAIN,
        "Positive_Review",
        ("column",),
    ),
    "index column without a name": File(
        "a.csv",
        lines(",review,sentiment", *(f'{n},"{t}",positive' for n, t in enumerate(PLAIN))).encode(),
        PLAIN,
        "review",
        ("unnamed", "column"),
    ),
    "row names of R": File(
        "a.csv",
        lines(
            '"review","stars"', *(f'"{n + 1}","{t}",{n % 5 + 1}' for n, t in enumerate(PLAIN))
        ).encode(),
        PLAIN,
        "review",
        ("column",),
        own={"stars": "1"},
    ),
    # ---- quotes and lines ----
    "lines within quotes": File(
        "a.csv",
        lines(
            "id,text",
            *(f'{n},"{t}\n\n""Really,"" he said.\n"' for n, t in enumerate(PLAIN)),
            end="\r\n",
        ).encode(),
        [f'{t}\n\n"Really," he said.\n' for t in PLAIN],
        "text",
    ),
    "backslashes in quotes": File(
        "a.tsv",
        lines(
            "id\tsentiment\treview",
            *(f'"{n}_8"\t1\t"{t}, he called it \\"great\\"."' for n, t in enumerate(PLAIN)),
        ).encode(),
        [f'{t}, he called it "great".' for t in PLAIN],
        "review",
        ("quotes", "column"),
    ),
    "quotes that are signs": File(
        "a.tsv",
        lines("PhraseId\tPhrase", *(f'{n}\t"{t}' for n, t in enumerate(PLAIN))).encode(),
        [f'"{t}' for t in PLAIN],
        "Phrase",
        ("quotes", "column"),
    ),
    "a space before the quotes": File(
        "a.csv",
        lines("id, review", *(f'{n}, "{t}, and so on"' for n, t in enumerate(PLAIN))).encode(),
        [f"{t}, and so on" for t in PLAIN],
        "review",
        ("column",),
    ),
    "apostrophes as quotes": File(
        "a.csv",
        lines("'id','review'", *(f"'{n}','{t}, isn\\'t it'" for n, t in enumerate(PLAIN))).encode(),
        [f"{t}, isn't it" for t in PLAIN],
        "review",
        ("quotes", "column"),
    ),
    "every line in quotes": File(
        "a.csv",
        lines('"id,""review"""', *(f'"{n},""{t}"""' for n, t in enumerate(PLAIN))).encode(),
        PLAIN,
        "review",
        ("quotes", "column"),
    ),
    "commas without quotes": File(
        "a.csv",
        lines("review", *(f"{t}, and so on" for t in PLAIN)).encode(),
        [f"{t}, and so on" for t in PLAIN],
        "review",
        ("column",),
    ),
    "semicolons of a spreadsheet, commas within": File(
        "a.csv",
        lines("sep=;", "Nr;Kommentar", *(f"{n};{t}, und mehr" for n, t in enumerate(PLAIN))).encode(
            "utf-8-sig"
        ),
        [f"{t}, und mehr" for t in PLAIN],
        "Kommentar",
        ("separator", "skip", "column"),
    ),
    "bars": File(
        "a.csv",
        lines("id|text", *(f"{n}|{t}, yes; no" for n, t in enumerate(PLAIN))).encode(),
        [f"{t}, yes; no" for t in PLAIN],
        "text",
        ("separator",),
    ),
    "an old Mac": File(
        "a.csv",
        lines("id,text", *(f'{n},"{t} – «été»"' for n, t in enumerate(PLAIN)), end="\r").encode(
            "mac_roman"
        ),
        [f"{t} – «été»" for t in PLAIN],
        "text",
        ("encoding",),
    ),
    # ---- above and below ----
    "a title above": File(
        "a.csv",
        lines(
            "Export of 2024;;",
            ";;",
            "id;text;stars",
            *(f'{n};"{t}";{n % 5}' for n, t in enumerate(PLAIN)),
        ).encode(),
        PLAIN,
        "text",
        ("skip", "separator"),
    ),
    "a title above one column": File(
        "a.csv",
        lines("Reviews of May", "", "review", *(f'"{t}"' for t in PLAIN)).encode(),
        PLAIN,
        "review",
        ("skip", "column"),
    ),
    "a workbook with titles": File(
        "a.xlsx",
        workbook(
            [
                ["Umfrage 2024"],
                [],
                [None, "Datum", "Kommentar"],
                *[[None, "2024-01-01", t] for t in PLAIN],
            ]
        ),
        PLAIN,
        "Kommentar",
        ("skip", "column", "unnamed"),
    ),
    "a workbook without a heading": File(
        "a.xlsx",
        workbook([[n, t] for n, t in enumerate(PLAIN)]),
        PLAIN,
        "column 2",
        ("headings", "column"),
    ),
    "rows of commas": File(
        "a.csv",
        (lines("id,text", *(f'{n},"{t}"' for n, t in enumerate(PLAIN))) + ",\n,\n").encode(),
        [*PLAIN, "", ""],
        "text",
        problems=2,
    ),
    "short and long rows": File(
        "a.csv",
        (
            lines("id,text,stars", *(f'{n},"{t}",3' for n, t in enumerate(PLAIN)))
            + f'7,"{GOOD}"\n8,"{BAD}",3,,\n9,a,b,c,d\n'
        ).encode(),
        [*PLAIN, GOOD, BAD, "9,a,b,c,d"],
        "text",
        ("short rows", "long rows"),
        1,
    ),
    # ---- objects ----
    "an app's lines": File(
        "a.jsonl",
        "\n".join(
            json.dumps(
                {
                    "reviewId": f"x{n}",
                    "userName": "A B",
                    "content": t,
                    "score": n % 5 + 1,
                    "replyContent": None,
                }
            )
            for n, t in enumerate(PLAIN)
        ).encode(),
        PLAIN,
        "content",
        ("column",),
    ),
    "objects within objects": File(
        "a.jsonl",
        "\n".join(
            json.dumps({"id": n, "review": {"text": t, "stars": 3}}) for n, t in enumerate(PLAIN)
        ).encode(),
        PLAIN,
        "review.text",
        ("column",),
    ),
    "a list of texts": File("a.json", json.dumps(PLAIN).encode(), PLAIN, "value", ("column",)),
    "pairs": File(
        "a.json",
        json.dumps([[t, n % 2] for n, t in enumerate(PLAIN)]).encode(),
        PLAIN,
        "column 1",
        ("column",),
    ),
    "lists by column": File(
        "a.json",
        json.dumps({"text": PLAIN, "label": [n % 2 for n in range(6)]}).encode(),
        PLAIN,
        "text",
    ),
    "columns of pandas": File(
        "a.json",
        json.dumps(
            {
                "text": {str(n): t for n, t in enumerate(PLAIN)},
                "label": {str(n): n % 2 for n in range(6)},
            }
        ).encode(),
        PLAIN,
        "text",
    ),
    "records within": File(
        "a.json.gz",
        gzip.compress(json.dumps({"total": 6, "reviews": [{"body": t} for t in PLAIN]}).encode()),
        PLAIN,
        "body",
        ("column",),
    ),
    "ndjson packed": File(
        "a.ndjson.gz",
        gzip.compress(
            "\r\n".join(json.dumps({"text": t}) for t in [GOOD, BAD, MORE]).encode("utf-8-sig")
        ),
        [GOOD, BAD, MORE],
        "text",
    ),
}
