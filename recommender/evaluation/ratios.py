"""The ratios that recommendations are held to: what each must reach, and of which rows it is made."""

from collections.abc import Sequence

from recommender.evaluation.results import Outcome, Ratio, Setting

LIBRARY = ("als", "bm25")
CONTENT_OVER_AUDIO = 16.0
LISTENERS_OVER_LIBRARY = 1.5
CLUSTER_SHARE = 0.82
NEARBY_SHARE = 0.92


def ratios_of(n_seeds: int, outcome: Outcome, settings: Sequence[Setting], random_state: int) -> list[Ratio]:
    """The ratios of the rows that are there, with the artist cap off and on."""
    caps = sorted({setting.cap for setting in settings if setting.scope})
    pairs = [pair for cap in caps for pair in _pairs(cap, outcome, settings)]
    ratios = []
    for name, above, below, target, cold in pairs:
        if above not in settings or below not in settings:
            continue
        value = outcome.ratio(above, below, random_state, cold=cold)
        if value is not None:
            ratios.append(Ratio(name, n_seeds, above, below, value, target))
    return ratios


def _pairs(
    cap: int, outcome: Outcome, settings: Sequence[Setting]
) -> list[tuple[str, Setting, Setting, float | None, bool | None]]:
    """Name, the two settings, the target, and which questions: all, cold or warm ones."""
    # The targets speak of playlists, which have no cap.
    target = (lambda value: value) if not cap else (lambda value: None)
    content, learnt = (
        {scope: Setting("balanced", scope, listeners, cap) for scope in ("cluster", "nearby", "everywhere")}
        for listeners in (False, True)
    )
    pairs: list[tuple[str, Setting, Setting, float | None, bool | None]] = [
        ("over_audio", content["everywhere"], Setting("audio"), target(CONTENT_OVER_AUDIO), None)
    ]
    library = [setting for setting in settings if setting.method in LIBRARY]
    if library:
        best = max(library, key=outcome.mean)
        pairs.append(("over_library", learnt["everywhere"], best, target(LISTENERS_OVER_LIBRARY), None))
        pairs.append(("over_library_cold", learnt["everywhere"], best, target(1.0), True))
        pairs.append(("over_library_warm", learnt["everywhere"], best, None, False))
    for blend in (content, learnt):
        pairs.append(("cluster_share", blend["cluster"], blend["everywhere"], target(CLUSTER_SHARE), None))
        pairs.append(("nearby_share", blend["nearby"], blend["everywhere"], target(NEARBY_SHARE), None))
    for listeners in (False, True):
        chosen = Setting("chosen", "everywhere", listeners, cap)
        published = learnt if listeners else content
        pairs.append(("chosen_share", chosen, published["everywhere"], None, None))
    return pairs
