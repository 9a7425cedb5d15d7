"""What was measured, as pictures: learning curves, calibration, ROC, the cost of shortness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages._book.drawn import Drawn
from pages._book.language import decimal, mark, say
from pages._book.style import Palette, above_its_row, styled, translucent, wrapped

LEAST = 78
"""Where the axis by stars and by length begins, in percent: nothing lies below."""


READER_MARKS = {
    "training": (mark("training"), "muted", "x-thin", 13),
    "development": (mark("development"), "second", "square-open", 13),
    "test": (mark("test"), "first", "circle", 19),
    "lecture": (mark("the lecture's validation"), "third", "diamond-open", 23),
}
"""What is drawn of a reader: its name, colour, marker and size."""


def accuracies(rows: Mapping[str, Mapping[str, float]], colours: Palette) -> Drawn:
    """Draw every reader's accuracies as dots on a line, the best one on top.

    Args:
        rows: by reader, its accuracies from 0 to 1 by the keys of ``READER_MARKS``.
        colours: of the theme.
    """
    names = [say(name) for name in rows]
    heights = list(range(len(rows)))[::-1]
    figure = Drawn()
    for key, (label, ink, symbol, size) in READER_MARKS.items():
        known = [
            (name, height, 100 * row[key])
            for name, height, row in zip(names, heights, rows.values(), strict=True)
            if key in row
        ]
        colour = getattr(colours, ink)
        figure.add_scatter(
            x=[value for *_, value in known],
            y=[height for _, height, _ in known],
            customdata=[name for name, *_ in known],
            name=say(label),
            mode="markers",
            marker={
                "symbol": symbol,
                "size": size,
                "color": colour,
                "line": {"width": 3, "color": colour},
            },
            cliponaxis=False,
            hovertemplate=f"%{{customdata}}, {say(label)}: %{{x:.2f}} %<extra></extra>",
        )
    for name, height, row in zip(names, heights, rows.values(), strict=True):
        share = f'<b><span style="color:{colours.first}">{decimal(row["test"], ".1%")}</span></b>'
        figure.add_annotation(**above_its_row(f"{share}  {name}", height, colours))
    figure.update_xaxes(
        title_text=say("right verdicts, %"), range=[66, 101], dtick=10, tick0=70, tickangle=0
    )
    figure.update_yaxes(
        tickvals=heights, showticklabels=False, zeroline=False, range=[-0.45, len(names) - 0.25]
    )
    drawn = styled(figure, colours, 440)
    return drawn.update_layout(margin={"l": 16, "t": 40, "r": 20})


def accuracies_alt(rows: Mapping[str, Mapping[str, float]]) -> str:
    """The dots in words."""
    listed = "; ".join(
        say("{name} {accuracy:.1%}", name=say(name), accuracy=row["test"])
        for name, row in rows.items()
    )
    return say("Right verdicts on the test: {listed}.", listed=listed)


TICKED = 8
"""Up to so many epochs are named at the axis, each of them."""


def learning_curves(history: list[dict[str, Any]], chosen: int, colours: Palette) -> Drawn:
    """Draw accuracy on training and development reviews after each epoch, the gap shaded."""
    epochs = [row["epoch"] for row in history]
    figure = Drawn()
    looks = {
        "train_accuracy": (say("training"), colours.first, "solid", "circle", None),
        "development_accuracy": (say("development"), colours.second, "dash", "square", "tonexty"),
    }
    for field, (name, colour, dash, symbol, fill) in looks.items():
        shares = [100 * row[field] for row in history]
        figure.add_scatter(
            x=epochs,
            y=shares,
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 4},
            marker={"symbol": symbol, "size": 11},
            fill=fill,
            fillcolor=translucent(colours.muted, 0.18),
        )
        # On the side that the line does not come from.
        rises = len(shares) < 2 or shares[-1] >= shares[-2]
        figure.add_annotation(
            x=epochs[-1],
            xshift=-10,
            y=shares[-1],
            text=f"<b>{name} {decimal(shares[-1] / 100, '.1%')}</b>",
            xanchor="right",
            yanchor="bottom" if rises else "top",
            yshift=9 if rises else -9,
            showarrow=False,
            font={"size": 18, "color": colour},
        )
    kept = history[chosen - 1]
    low, high = 100 * kept["development_accuracy"], 100 * kept["train_accuracy"]
    figure.add_vline(x=chosen, line={"color": colours.muted, "dash": "dot", "width": 2})
    late = 2 * chosen > epochs[-1]
    figure.add_annotation(
        x=chosen,
        y=(low + high) / 2,
        text=f"<b>{say('gap {gap:.1f} points', gap=high - low)}</b>",
        xanchor="right" if late else "left",
        xshift=-10 if late else 10,
        showarrow=False,
        bgcolor=colours.ground,
        font={"size": 18, "color": colours.text},
    )
    figure.update_xaxes(
        title_text=say("epoch (dotted: kept)"),
        range=[epochs[0] - 0.05 * len(epochs), epochs[-1] + 0.05 * len(epochs)],
        tickvals=epochs if len(epochs) <= TICKED else None,
    )
    every = [100 * row[field] for row in history for field in looks]
    least, most = min(every), max(every)
    room = 0.14 * (most - least or 1.0)
    figure.update_yaxes(
        title_text=say("right verdicts, %"), range=[least - 1.3 * room, most + room]
    )
    drawn = styled(figure, colours, 360)
    return drawn.update_layout(showlegend=False, margin={"l": 76, "r": 16, "t": 40, "b": 56})


def learning_curves_alt(history: list[dict[str, Any]]) -> str:
    """The curves in words."""
    rows = ", ".join(
        say(
            "epoch {epoch}: {training:.1%} and {development:.1%}",
            epoch=row["epoch"],
            training=row["train_accuracy"],
            development=row["development_accuracy"],
        )
        for row in history
    )
    return say("Accuracy on training and development reviews; {rows}.", rows=rows)


AGREEMENT_MARKS = (("first", "circle"), ("accent", "square"), ("second", "diamond-open"))


def agreement(rows: Mapping[str, Mapping[str, float]], largest: float, colours: Palette) -> Drawn:
    """Draw correlations as dots, beside the largest Spearman correlation that labels allow.

    Args:
        rows: by whose they are, "pearson" and "spearman".
        largest: that Spearman correlation.
        colours: of the theme.
    """
    kinds = {"pearson": say("Pearson"), "spearman": say("Spearman rank")}
    figure = Drawn()
    # Each has a lane of its own, so that numbers do not lie on each other.
    for lane, ((name, row), (ink, symbol)) in enumerate(
        zip(rows.items(), AGREEMENT_MARKS, strict=True)
    ):
        colour = getattr(colours, ink)
        figure.add_scatter(
            x=[row[kind] for kind in kinds],
            y=[place + 0.27 * (1 - lane) for place in (1, 0)],
            name=say(name),
            mode="markers+text",
            text=[f"<b>{decimal(row[kind], '.3f')}</b>" for kind in kinds],
            # On the other side of the bound where it would lie on it.
            textposition=[
                "middle left"
                if kind == "spearman" and 0 < largest - row[kind] < 0.03
                else "middle right"
                for kind in kinds
            ],
            textfont={"size": 18, "color": colour},
            marker={
                "symbol": symbol,
                "size": 17,
                "color": colour,
                "line": {"width": 3, "color": colour},
            },
            cliponaxis=False,
            hoverinfo="skip",
        )
    figure.add_shape(
        type="line",
        x0=largest,
        x1=largest,
        y0=-0.5,
        y1=0.5,
        line={"color": colours.text, "width": 3, "dash": "dash"},
    )
    figure.add_annotation(
        x=largest,
        y=-0.5,
        text=wrapped(say("labels, no ties: at most √3 / 2 = {largest:.3f}", largest=largest), 22),
        xanchor="right",
        yanchor="bottom",
        align="right",
        xshift=-8,
        showarrow=False,
        font={"size": 16, "color": colours.text},
    )
    for height, kind in zip((1, 0), kinds.values(), strict=True):
        figure.add_annotation(**above_its_row(f"<b>{kind}</b>", height + 0.32, colours, 17))
    figure.update_xaxes(title_text=say("correlation"), range=[0.8, 0.93], dtick=0.02)
    figure.update_yaxes(tickvals=[1, 0], showticklabels=False, range=[-0.6, 1.65], zeroline=False)
    drawn = styled(figure, colours, 440)
    return drawn.update_layout(margin={"l": 16, "r": 16})


def agreement_alt(rows: Mapping[str, Mapping[str, float]], largest: float) -> str:
    """The dots in words."""
    listed = "; ".join(
        say(
            "{name}: Pearson {pearson:.3f}, Spearman {spearman:.3f}",
            name=say(name),
            pearson=row["pearson"],
            spearman=row["spearman"],
        )
        for name, row in rows.items()
    )
    return say(
        "Correlations: {listed}. With two labels the Spearman correlation is at most {largest:.3f} "
        "without ties.",
        listed=listed,
        largest=largest,
    )


def parts(failures: Mapping[str, Any], colours: Palette) -> Drawn:
    """Draw how often it is right by the stars that were given, and by the words that were read."""
    figure = Drawn()
    lengths = [
        f"{decimal(row['shortest'], ',')}–{decimal(row['longest'], ',')}"
        for row in failures["by_length"]
    ]
    groups = (
        (list(failures["by_stars"]), failures["by_stars"].values(), say("stars given"), "first"),
        (lengths, failures["by_length"], say("words read"), "third"),
    )
    titles = []
    for side, (names, rows, title, ink) in zip(("", "2"), groups, strict=True):
        rates = [100 * row["accuracy"] for row in rows]
        figure.add_scatter(
            x=names,
            y=rates,
            mode="markers+text",
            text=[f"<b>{decimal(rate, '.1f')}</b>" for rate in rates],
            textposition="top center",
            textfont={"size": 17, "color": getattr(colours, ink)},
            cliponaxis=False,
            marker={"color": getattr(colours, ink), "size": 16},
            hoverinfo="skip",
            xaxis=f"x{side}",
            yaxis=f"y{side}",
        )
        titles.append({"title": {"text": title}, "type": "category"})
    left, right = titles
    figure.update_layout(
        xaxis=left | {"domain": [0.0, 0.48]},
        xaxis2=right | {"domain": [0.52, 1.0], "anchor": "y2"},
        yaxis={"title": {"text": say("right verdicts, %")}, "range": [LEAST, 100]},
        yaxis2={"anchor": "x2", "matches": "y", "showticklabels": False},
    )
    drawn = styled(figure, colours, 400)
    return drawn.update_layout(showlegend=False, margin={"t": 16})


def parts_alt(failures: Mapping[str, Any]) -> str:
    """The dots in words."""
    listed = "; ".join(
        say("{stars} stars: {accuracy:.1%}", stars=stars, accuracy=row["accuracy"])
        for stars, row in failures["by_stars"].items()
    )
    return say("Right verdicts by the stars that were given: {listed}.", listed=listed)


def errors_style(colours: Palette) -> str:
    """Write the style of the list of errors, which scrolls in itself."""
    return (
        ".errors { height: var(--stage); overflow: auto; padding-bottom: 2.2rem; "
        "mask-image: linear-gradient(#000 calc(100% - 2.2rem), transparent); } "
        ".errors table { border-collapse: collapse; width: 100%; font-size: 1.06rem; line-height: 1.4; } "
        f".errors th {{ position: sticky; top: 0; text-align: left; background: {colours.ground}; "
        "font-weight: 600; padding: 0.2rem 0.9rem 0.4rem 0; white-space: nowrap; } "
        f".errors td {{ border-top: 1px solid {colours.grid}; padding: 0.45rem 0.9rem 0.45rem 0; "
        "vertical-align: top; font-variant-numeric: tabular-nums; } "
        ".errors td:last-child { overflow-wrap: anywhere; } "
        f".errors a {{ color: {colours.accent}; }} "
        "@media (max-width: 640px) { .errors :is(th, td) { padding-right: 0.5rem; } "
        ".errors th { white-space: normal; } .errors :is(th, td):nth-child(2) { display: none; } } "
        f".errors mark {{ background: {translucent(colours.second, 0.22)}; color: inherit; "
        "font-weight: 700; border-radius: 0.2rem; padding: 0 0.1em; }"
    )


def reliability_diagram(rows: list[dict[str, Any]], colours: Palette) -> Drawn:
    """Set the share of positive reviews against the probability that was given."""
    percent = [100 * row["mean_probability"] for row in rows]
    figure = Drawn()
    figure.add_scatter(
        x=[0, 100],
        y=[0, 100],
        mode="lines",
        name=say("as sure as it is right"),
        line={"color": colours.muted, "dash": "dot", "width": 2},
    )
    largest = max(row["reviews"] for row in rows)
    # Above the line on its upper half and below it on its lower one there is room for labels.
    places = ["bottom right" if x < 50 else "top left" for x in percent]
    figure.add_scatter(
        x=percent,
        y=[100 * row["share_positive"] for row in rows],
        name=say("measured"),
        mode="lines+markers+text",
        line={"color": colours.first, "width": 3},
        marker={"size": [9 + 22 * (row["reviews"] / largest) ** 0.5 for row in rows]},
        text=[
            say("{count:,} reviews", count=row["reviews"])
            if place == 0
            else decimal(row["reviews"], ",")
            for place, row in enumerate(rows)
        ],
        textposition=places,
        cliponaxis=False,
    )
    figure.update_xaxes(
        title_text=wrapped(say("probability of positive, %")),
        automargin=True,
        range=[-8, 108],
        tickvals=list(range(0, 101, 20)),
    )
    figure.update_yaxes(
        title_text=say("of these were positive, %"),
        range=[-18, 118],
        tickvals=list(range(0, 101, 20)),
    )
    drawn = styled(figure, colours, 400)
    return drawn.update_layout(showlegend=False, margin={"t": 12})


def reliability_alt(rows: list[dict[str, Any]]) -> str:
    """The diagram in words."""
    listed = "; ".join(
        say(
            "said {probability:.0%}, were {share:.0%} of {reviews:,}",
            probability=row["mean_probability"],
            share=row["share_positive"],
            reviews=row["reviews"],
        )
        for row in rows
    )
    return say("How sure the network is and how often it is right, by tenths: {said}.", said=listed)


def roc(curve: Mapping[str, list[float]], area: float, colours: Palette, accepted: int) -> Drawn:
    """Draw the ROC curve, with chance beside it and the chosen point on it.

    Args:
        curve: false and true positive rates at each percent of the former.
        area: below it.
        colours: of the theme.
        accepted: the chosen false positive rate, in percent.
    """
    figure = Drawn()
    figure.add_scatter(
        x=[0, 100],
        y=[0, 100],
        mode="lines",
        name=say("chance"),
        line={"color": colours.muted, "dash": "dot", "width": 2},
    )
    false, true = (
        [100 * share for share in curve[name]]
        for name in ("false_positive_rate", "true_positive_rate")
    )
    figure.add_scatter(
        x=false,
        y=true,
        mode="lines",
        name=say("area {area:.4f}", area=area),
        line={"color": colours.first, "width": 3},
    )
    figure.add_scatter(
        x=[false[accepted]],
        y=[true[accepted]],
        mode="markers+text",
        name=say("chosen"),
        text=[f"<b>{decimal(true[accepted], '.1f')}</b>"],
        textposition="bottom right" if accepted < 90 else "bottom left",
        textfont={"size": 18, "color": colours.second},
        marker={"symbol": "diamond", "size": 15, "color": colours.second},
        cliponaxis=False,
    )
    figure.update_xaxes(
        title_text=wrapped(say("of 100 negative reviews, taken for positive")), automargin=True
    )
    figure.update_yaxes(title_text=say("of 100 positive reviews, found"))
    return styled(figure, colours, 400)
