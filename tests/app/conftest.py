"""The app under Streamlit's own test driver, page by page."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

PAGES = Path(__file__).parents[2] / "pages"
ROUTER = str(PAGES / "_router.py")


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
