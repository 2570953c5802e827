"""Search as you type, over an index that is made anew with every import."""

from tracks.search.finding import Hit, SearchResult, search
from tracks.search.index import rebuild_index

__all__ = ["Hit", "SearchResult", "rebuild_index", "search"]
