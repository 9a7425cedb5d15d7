"""Figures as plain dictionaries: what is sent is what Plotly makes of the same calls."""

import numpy as np
import plotly.graph_objects as go

from pages._book.drawn import Drawn


def put_together(figure):
    figure.add_scatter(x=np.arange(3), y=[1.0, 2.0, 4.0], line={"dash": "dot"}, name="a line")
    figure.add_annotation(x=1, y=1, text="here", font={"size": 20}, showarrow=False)
    figure.add_shape(type="rect", x0=0, x1=1, y0=0, y1=1, fillcolor="red")
    figure.add_vline(x=1.5, line={"dash": "dot"})
    figure.add_hline(y=2.5, line_width=2)
    figure.update_xaxes(title_text="steps", range=[0, 3])
    figure.update_yaxes(title={"standoff": 6}, type="log")
    figure.update_yaxes(title_text="size")
    return figure.update_layout(margin={"t": 12}, showlegend=False)


def test_what_is_put_together_call_by_call_is_what_plotly_makes_of_it():
    start = ([{"type": "bar", "x": [1, 2], "y": [3, 4]}], {"margin": {"l": 4}})
    theirs = put_together(go.Figure(*start)).to_dict()
    # Plotly's own template, in which nothing would be seen.
    del theirs["layout"]["template"]
    assert put_together(Drawn(*start)).to_dict() == theirs


def test_a_figure_is_not_built_when_somebody_tries_for_a_name():
    figure = put_together(Drawn())
    assert getattr(figure, "nbytes", None) is None
    assert not hasattr(figure, "__array__")
    assert figure._drawn is not None
    assert figure.layout.xaxis.title.text == "steps"
    assert figure._drawn is None
