"""The front door: `streamlit run app.py`, or any ASGI server on `app:app`.

The script itself is ``pages/_router.py``. It lies inside ``pages`` because Streamlit treats a
``pages`` folder beside the main script as its old kind of multi-page app, which breaks deep links
on a server that has just started.
"""

import os
from pathlib import Path

# One BLAS thread: the matrices are small, and threads that wait for each other cost more than
# they save. This must be set before NumPy is imported.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

# Arrow's own allocator holds 4 MB for tables of some lines.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

import streamlit as st  # noqa: E402

from pages._app import heap  # noqa: E402
from pages._app.room.routes import routes  # noqa: E402

SCRIPT = Path(__file__).parent / "pages" / "_router.py"
app = st.App(SCRIPT, lifespan=heap.lifespan, routes=routes(st.get_option("server.baseUrlPath")))
