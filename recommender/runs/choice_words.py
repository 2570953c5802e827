"""Why a run has as many clusters as it has, in the reader's language."""

from django.utils.translation import gettext as _

from recommender.models import ClusteringRun


def choice_in_words(run: ClusteringRun) -> str:
    """One sentence about `n_clusters`; "" before a run is fitted."""
    n_clusters, asked = run.fitted.get("n_clusters"), run.parameters.get("n_clusters")
    candidates = run.fitted.get("candidates", [])
    if n_clusters is None:
        return ""
    if asked is not None and asked == n_clusters:
        return _("Asked for.")
    if asked is not None:
        text = _("%(asked)s were asked for; the catalogue has different tracks enough for %(found)d only.")
        return text % {"asked": asked, "found": n_clusters}
    in_use = run.fitted.get("in_use")
    if in_use and in_use["n_clusters"] == n_clusters:
        text = _(
            "%(n_clusters)d as before: of %(count)d candidates, %(best)d separates best, but not by more "
            "than chance (silhouette %(difference).3f higher, 95 %% interval %(low).3f to %(high).3f)."
        )
        return str(text % (in_use | {"count": len(candidates)}))
    chosen = next((each for each in candidates if each["n_clusters"] == n_clusters), None)
    if chosen is None:
        return _("There are too few different tracks to choose from.")
    text = _(
        "Of %(count)d candidates from %(first)d to %(last)d clusters, at least %(fewest)d for a catalogue "
        "of this size, %(n_clusters)d separates best (silhouette %(silhouette).3f) among those that other "
        "samples of tracks confirm (agreement %(stability).2f)."
    )
    first, last = candidates[0]["n_clusters"], candidates[-1]["n_clusters"]
    figures = {"count": len(candidates), "first": first, "last": last, "fewest": run.fitted["fewest"]}
    words = str(text % (chosen | figures))
    if in_use:
        text = _(
            "It is better than %(n_clusters)d, as before, by more than chance (silhouette %(difference).3f "
            "higher, 95 %% interval %(low).3f to %(high).3f)."
        )
        words = f"{words} {text % in_use}"
    return words
