"""Search as you type, over an index that is made anew with every import."""

from tracks.search.finding import Hit, SearchResult, search
from tracks.search.index import INDEX_VERSION, rebuild_index

__all__ = ["INDEX_VERSION", "Hit", "SearchResult", "rebuild_index", "search"]
