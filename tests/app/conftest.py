"""The app under Streamlit's own test driver, page by page."""

import json
from pathlib import Path

import plotly.graph_objects as go
import plotly.io
import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

from pages._app import charts
from pages._book.drawn import Drawn

PAGES = Path(__file__).parents[2] / "pages"
ROUTER = str(PAGES / "_router.py")


def _as_read(figure):
    """Return a figure as a browser reads it, without what it would take anyway."""

    def kept(part):
        if isinstance(part, dict):
            return {k: kept(v) for k, v in part.items() if v != [] and k != "template"}
        if isinstance(part, list):
            return [kept(one) for one in part]
        return part.removesuffix(".000") if isinstance(part, str) else part

    return kept(json.loads(plotly.io.to_json(figure, validate=False)))


@pytest.fixture(autouse=True, scope="session")
def _plotly_checks_what_is_sent():
    """Every figure that a test shows is what Plotly, which is not asked while the app serves, makes of it."""
    sent = Drawn.to_dict

    def checked(figure):
        drawn = figure._drawn
        assert drawn is not None, (
            "Plotly built this figure while a page was served, which takes long"
        )
        found = sent(figure)
        assert _as_read(found) == _as_read(go.Figure(*drawn).to_dict())
        return found

    def of_the_apps_own(figure, *given, **named):
        assert isinstance(figure, Drawn), "this figure was not drawn as plain dictionaries"
        return shown(figure, *given, **named)

    shown = charts.chart
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Drawn, "to_dict", checked)
        patch.setattr(charts, "chart", of_the_apps_own)
        yield


@pytest.fixture(autouse=True, scope="session")
def _packages_are_searched_for_components_once():
    """Each test driver would read what is known of every installed package, which takes 0.1 s."""
    found = manifest_scanner.scan_component_manifests()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda: found)
        yield


@pytest.fixture(autouse=True, scope="session")
def _keras_is_left_as_it_is():
    """Where another test has imported Keras, Streamlit would clear it after each run, which takes 0.4 s."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(script_runner, "_clean_problem_modules", lambda: None)
        yield


@pytest.fixture
def open_page():
    """Open a page by its path, as a visitor would, with what stands in the address."""

    def opened(path=None, **address):
        app = AppTest.from_file(ROUTER, default_timeout=60)
        for name, value in address.items():
            app.query_params[name] = value
        app.run()
        if path:
            file = f"{path}/page.py" if (PAGES / path).is_dir() else f"{path}.py"
            app.switch_page(file)
            for name, value in address.items():
                app.query_params[name] = value
            app.run()
        assert not app.exception, app.exception
        return app

    return opened
