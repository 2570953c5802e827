"""What pages call the choices of a list, and what the documentation says they do."""

from pathlib import Path

from recommender.answers.requests import FAMILIARITY, Blend, Scope
from recommender.parameters.labels import BLENDS, FAMILIARITIES, ORDERS, SCOPES, parameter_label
from recommender.parameters.schema import ListParameters

DOCS = (Path(__file__).parents[3] / "docs" / "recommendations.md").read_text()


def test_every_parameter_has_a_label_of_its_own():
    labels = [parameter_label(name) for name in ListParameters.model_fields]
    assert len(set(labels)) == len(labels)
    assert not set(labels) & set(ListParameters.model_fields)
    assert parameter_label("target_tempo") == "Tempo near to"
    assert parameter_label("nothing_known") == "nothing_known"


def test_every_choice_has_a_label():
    assert [list(SCOPES), list(BLENDS), list(FAMILIARITIES)] == [list(Scope), list(Blend), list(FAMILIARITY)]


def test_the_documentation_says_what_pages_say():
    for name in ("scope", "blend", "familiarity", "variety", "variety_seed"):
        assert parameter_label(name) in DOCS
    for labels in (SCOPES, BLENDS, FAMILIARITIES, ORDERS):
        assert [str(label) for label in labels.values() if str(label) not in DOCS] == []
