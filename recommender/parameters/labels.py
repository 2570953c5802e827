"""What pages call the parameters of a list, and what can be chosen for them."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracks.audio_features import FEATURE_NAMES
from tracks.feature_words import feature_label

PARAMETERS: dict[str, Promise] = {
    "scope": gettext_lazy("Look in"),
    "blend": gettext_lazy("Compare by"),
    "familiarity": gettext_lazy("How well known"),
    "limit": gettext_lazy("How many"),
    "per_artist": gettext_lazy("From one artist"),
    "genre": gettext_lazy("Genre"),
    "exclude_genre": gettext_lazy("Not the genre"),
    "explicit": gettext_lazy("Explicit words"),
    "variety": gettext_lazy("Order"),
    "variety_seed": gettext_lazy("Shuffle number"),
    "min_popularity": gettext_lazy("Popularity at least"),
    "max_popularity": gettext_lazy("Popularity at most"),
    "steps": gettext_lazy("Steps"),
    "sort": gettext_lazy("Sort by"),
    "page": gettext_lazy("Page"),
}
SCOPES: dict[str, Promise] = {
    "subcluster": gettext_lazy("Its sub-cluster"),
    "cluster": gettext_lazy("Its cluster"),
    "nearby": gettext_lazy("Nearby too"),
    "everywhere": gettext_lazy("Everywhere"),
}
SCOPES_OF_SEVERAL: dict[str, Promise] = {
    "subcluster": gettext_lazy("Their sub-clusters"),
    "cluster": gettext_lazy("Their clusters"),
}
BLENDS: dict[str, Promise] = {
    "balanced": gettext_lazy("Everything"),
    "sound": gettext_lazy("Sound alone"),
    "listeners": gettext_lazy("Playlists"),
}
FAMILIARITIES: dict[str, Promise] = {
    "well-known": gettext_lazy("well known above all"),
    "usual": gettext_lazy("rather well known"),
    "any": gettext_lazy("does not matter"),
    "hidden-gems": gettext_lazy("hidden gems"),
}
ORDERS: dict[float, Promise] = {
    0.0: gettext_lazy("nearest first"),
    0.3: gettext_lazy("shuffled a little"),
    1.0: gettext_lazy("shuffled well"),
}
BOUNDS: dict[str, Promise] = {
    "min": gettext_lazy("at least"),
    "max": gettext_lazy("at most"),
    "target": gettext_lazy("near to"),
}


def parameter_label(name: str) -> str:
    """What a page calls a parameter; the name itself where no page asks for it."""
    if name in PARAMETERS:
        return str(PARAMETERS[name])
    bound, _separator, feature = name.partition("_")
    if bound in BOUNDS and feature in FEATURE_NAMES:
        return _("%(feature)s %(bound)s") % {"feature": feature_label(feature), "bound": BOUNDS[bound]}
    return name
