"""The form of the refit button."""

from django import forms
from django.utils.translation import gettext_lazy as _

from recommender.choices import FeatureSpace
from recommender.runs.refitting import MAX_CLUSTERS, MAX_SEED, MIN_CLUSTERS, RefitParameters


class RefitForm(forms.Form):
    n_clusters = forms.IntegerField(
        label=_("Number of clusters"),
        required=False,
        min_value=MIN_CLUSTERS,
        max_value=MAX_CLUSTERS,
        help_text=_("Empty: chosen from the data."),
    )
    random_state = forms.IntegerField(
        label=_("Seed"),
        required=False,
        min_value=0,
        max_value=MAX_SEED,
        help_text=_("Of all random choices; empty: 0."),
    )

    feature_space = forms.ChoiceField(
        label=_("Cluster by"),
        required=False,
        choices=FeatureSpace.choices,
        help_text=_(
            "In context: drawn to what genres and artist make one expect, so that they stay together."
        ),
    )

    def parameters(self) -> RefitParameters:
        """What was asked for, once the form is valid."""
        return RefitParameters(
            self.cleaned_data["n_clusters"],
            self.cleaned_data["random_state"] or 0,
            self.cleaned_data["feature_space"] or FeatureSpace.CONTEXT.value,
        )
