"""The API put together: its routes under /api/v1/, its documentation at /api/docs."""

from ninja import NinjaAPI

from recommender.api import clusters, mixes, runs, tracks
from recommender.api.bodies import StrictParser
from recommender.api.errors import add_error_handlers
from recommender.api.parameters import refuse_unknown_parameters

api = NinjaAPI(
    title="Soundkin",
    version="1",
    description="Tracks, their clusters, and the tracks that sound nearest. Reading needs no key.",
    parser=StrictParser(),
)
add_error_handlers(api)
api.add_decorator(refuse_unknown_parameters, mode="view")
for module in (tracks, mixes, clusters, runs):
    api.add_router("/v1", module.router)
