"""The routes of the room alone, for the tests that kill the process that serves them."""

from starlette.applications import Starlette

from pages._app.room.routes import routes

app = Starlette(routes=list(routes()))
