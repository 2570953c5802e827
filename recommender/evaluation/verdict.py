"""What held-out playlists say of a run, in words: its table, and whether it was kept back."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from recommender.algorithms.evaluation.measures import Interval
from recommender.evaluation.results import Setting
from recommender.evaluation.words import COLUMNS, MISSING, interval_text, setting_words
from recommender.models import ClusteringRun


@dataclass(frozen=True, slots=True)
class HarnessTable:
    """The table of a run on its page; `skipped` says why there is none."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    about: str = ""
    skipped: str = ""


def harness_table(run: ClusteringRun) -> HarnessTable | None:
    """The run's figures on held-out playlists; None of a run that was never judged."""
    harness = run.scores.get("harness")
    if harness is None:
        return None
    if "skipped" in harness:
        text = _(
            "Not judged on playlists: fewer than %(fewest)d of them hold five or more recordings of the "
            "catalogue. Import playlists (import_playlists FILE) before the next refit."
        )
        return HarnessTable(skipped=text % {"fewest": harness["fewest"]})
    about = _(
        "%(questions)d questions from held-out playlists; %(playlists)d playlists in all. One seed, lists of "
        "50, with 95 %% intervals."
    )
    return HarnessTable(
        columns=tuple(str(title) for _name, title, _form in COLUMNS),
        rows=tuple(_cells(row) for row in harness["rows"]),
        about=about % {"questions": harness["questions"], "playlists": harness["playlists"]},
    )


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    setting = Setting(row["method"], row["scope"], row["listeners"], row["cap"], row["detail"])
    figures = {name: Interval(**figure) for name, figure in row["figures"].items()}
    cells = (
        interval_text(figures[name], form) if name in figures else MISSING for name, _title, form in COLUMNS
    )
    return setting_words(setting), *cells


def kept_back_text(run: ClusteringRun) -> str:
    """Why a run was not made active by itself; "" when nothing kept it back."""
    reasons = []
    gate, challenge = run.scores.get("gate", {}), run.scores.get("challenge", {})
    if gate.get("unstable"):
        text = _(
            "other samples of the tracks give other clusters (stability %(stability).2f, below %(at_least)s)"
        )
        reasons.append(text % gate)
    if challenge.get("worse"):
        text = _(
            "on held-out playlists its lists find less than those of run %(run)d "
            "(nDCG@50 %(challenger).4f against %(champion).4f; difference %(mean).4f [%(low).4f, %(high).4f])"
        )
        values = {"run": challenge["against"], **challenge["difference"]}
        reasons.append(
            text % {**values, "challenger": challenge["challenger"], "champion": challenge["champion"]}
        )
    if not reasons:
        return ""
    text = _("Kept, but not made active: %(reasons)s. It can be made active all the same.")
    return text % {"reasons": "; ".join(reasons)}


def first_text(run: ClusteringRun) -> str:
    """Why an unstable run was made active all the same; "" for others."""
    gate = run.scores.get("gate", {})
    if not gate.get("first"):
        return ""
    text = _(
        "Other samples of the tracks give other clusters (stability %(stability).2f, below %(at_least)s); it "
        "was made active because no other run could answer."
    )
    return str(text % gate)


def challenge_text(run: ClusteringRun) -> str:
    """How the run compares to the one that was active when it was made; "" where nobody asked, or where it is
    worse, which `kept_back_text` tells."""
    challenge = run.scores.get("challenge", {})
    reasons = {
        "first": _("There was no active run to compare it to."),
        "files": _("The files of the run that was active could not be read, so the two were not compared."),
        "listeners": _(
            "Not compared to the run that was active: clusters that were made from playlists cannot be "
            "judged by the same playlists."
        ),
    }
    if "skipped" in challenge:
        return reasons.get(challenge["skipped"], "")
    if not challenge or challenge["worse"]:
        return ""
    text = _(
        "Compared to run %(run)d on the same questions: nDCG@50 %(challenger).4f against %(champion).4f, "
        "difference %(mean).4f [%(low).4f, %(high).4f]."
    )
    values = {"run": challenge["against"], **challenge["difference"]}
    return text % {**values, "challenger": challenge["challenger"], "champion": challenge["champion"]}
