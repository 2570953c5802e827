"""How the tracks of a cluster are asked for: a sort, a page, and the filters of every list."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from recommender.answers.browsing import KNOWN, PER_PAGE, SORTS, TITLE, TYPICAL, BrowseRequest
from recommender.answers.requests import MAX_RESULTS, RecommendationRequest
from recommender.parameters.schema import ListParameters, parameters_of
from tracks.feature_words import feature_label

MAX_PAGE = 1_000_000
USUAL = BrowseRequest()
SORT_LABELS: dict[str, Promise] = {
    TYPICAL: gettext_lazy("most typical first"),
    KNOWN: gettext_lazy("best known first"),
    TITLE: gettext_lazy("title"),
}


def _known_sort(sort: str) -> str:
    if sort not in SORTS:
        raise PydanticCustomError("literal_error", "unknown sort", {"expected": ", ".join(SORTS)})
    return sort


class BrowseParameters(ListParameters):
    """What the address of a cluster's tracks asks for; only the filters of a list have a meaning."""

    sort: Annotated[str, AfterValidator(_known_sort)] = TYPICAL
    page: int = Field(default=1, ge=1, le=MAX_PAGE)
    limit: int = Field(default=PER_PAGE, ge=1, le=MAX_RESULTS)

    def browse_request(self) -> BrowseRequest:
        """What is asked for."""
        filters = replace(self.request().filters, target=())
        return BrowseRequest(self.sort, self.page, self.limit, filters)


def browse_parameters_of(request: BrowseRequest) -> Iterator[tuple[str, str]]:
    """The names and values that ask for it, those alone that are not as usual."""
    if request.sort != USUAL.sort:
        yield "sort", request.sort
    if request.page != USUAL.page:
        yield "page", str(request.page)
    if request.per_page != USUAL.per_page:
        yield "limit", str(request.per_page)
    yield from parameters_of(RecommendationRequest(filters=request.filters))


def sort_label(sort: str) -> str:
    """What a page calls a sort."""
    if sort in SORT_LABELS:
        return str(SORT_LABELS[sort])
    text = _("%(feature)s, high to low") if sort.startswith("-") else _("%(feature)s, low to high")
    return text % {"feature": feature_label(sort.removeprefix("-"))}
