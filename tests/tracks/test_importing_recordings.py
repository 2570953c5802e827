import pytest

from tests.factories import make_track
from tracks.importing.recordings import GAP_MS, MAX_KEY_LENGTH, group_recordings, recording_key
from tracks.models import Track
from tracks.titles.parsing import base_title


@pytest.mark.parametrize(
    "title",
    [
        "Yesterday - Remastered 2009",
        "Yesterday - 2009 Remaster",
        "Yesterday (Remastered)",
        "Yesterday [2009 Digital Remaster]",
        "Yesterday - Remastered Version",
        "Yesterday (Deluxe Edition)",
        "Yesterday (50th Anniversary Edition)",
        "Yesterday - 2015 Version",
        "Yesterday (Deluxe) - Remastered",
        "Yesterday – Remastered",
    ],
)
def test_what_only_tells_releases_apart_is_left_out(title):
    assert base_title(title) == "Yesterday"


@pytest.mark.parametrize(
    "title",
    [
        "Yesterday - Live",
        "Yesterday (Live at the BBC)",
        "Yesterday - Someone's Remix",
        "Yesterday (Acoustic Version)",
        "Yesterday - Radio Edit",
        "Yesterday (feat. Somebody)",
        "Remastered",
        "(Deluxe)",
        "1979 - 1980",
        "Special Edition",
        "Love - Special",
        "Yesterday - Version",
        "Yesterday (Special Version)",
    ],
)
def test_what_tells_performances_apart_stays(title):
    assert base_title(title) == title


def test_a_remaster_of_a_live_recording_is_that_live_recording():
    assert base_title("Yesterday - Live - Remastered 2009") == "Yesterday - Live"


def test_keys_fold_and_keep_names_of_symbols_apart():
    assert recording_key("Déjà Vu (Remastered)", "Beyoncé") == recording_key("deja vu", "BEYONCE")
    assert recording_key("???", "A") != recording_key("!!!", "A")


def test_long_keys_stay_different_and_fit_their_column():
    keys = {recording_key("x" * 900 + ending, "A") for ending in "abc"}
    assert len(keys) == 3
    assert {len(key) for key in keys} == {MAX_KEY_LENGTH}


def make_release(
    spotify_id: str, duration_ms: int, title: str = "Song", artist: str = "A", **fields
) -> Track:
    fields = {"tempo": 100 + duration_ms % 97, **fields}
    return make_track(spotify_id, title, (artist,), duration_ms=duration_ms, **fields)


def recordings() -> dict[str, str]:
    return dict(Track.objects.values_list("spotify_id", "recording__spotify_id"))


@pytest.mark.django_db
class TestGrouping:
    def test_releases_within_two_seconds_are_one_and_the_most_popular_stands_for_them(self):
        make_release("a", 200_000, popularity=10)
        make_release("b", 200_000 + GAP_MS, "Song - Remastered", popularity=90)
        make_release("c", 200_001 + 2 * GAP_MS, popularity=99)
        assert group_recordings() == 2
        assert recordings() == {"a": "b", "b": "b", "c": "c"}

    def test_of_equally_popular_releases_the_smallest_id_stands(self):
        make_release("b", 200_000, popularity=10)
        make_release("a", 200_100, popularity=10)
        group_recordings()
        assert recordings() == {"a": "a", "b": "a"}

    def test_other_first_artists_and_versions_are_other_recordings(self):
        make_release("a", 200_000)
        make_release("b", 200_000, artist="B", tempo=90)
        make_release("c", 200_000, "Song - Live", tempo=91)
        assert group_recordings() == 3

    def test_identical_audio_under_another_title_is_one(self):
        make_release("a", 200_000, "東京", popularity=5)
        make_release("b", 200_000, "Tokyo", popularity=1)
        make_release("c", 200_000, "Tokyo", artist="B")
        make_release("d", 200_000, "Kyoto", valence=0.123)
        group_recordings()
        assert recordings() == {"a": "a", "b": "a", "c": "c", "d": "d"}

    def test_both_rules_join_into_one_group(self):
        make_release("a", 200_000, "東京", popularity=1)
        make_release("b", 200_000, "Tokyo", popularity=2)
        make_release("c", 201_000, "Tokyo", popularity=3)
        group_recordings()
        assert set(recordings().values()) == {"c"}

    def test_titles_of_unknown_duration_are_not_compared(self):
        make_release("a", 0, tempo=80)
        make_release("b", 0, tempo=90)
        assert group_recordings() == 2

    def test_grouping_again_follows_what_has_changed(self):
        make_release("a", 200_000, popularity=10)
        other = make_release("b", 200_100, popularity=90)
        group_recordings()
        Track.objects.filter(pk=other.pk).update(duration_ms=300_000)
        assert group_recordings() == 2
        assert recordings() == {"a": "a", "b": "b"}
