"""What the columns of a file are called: the header texts met in the wild, in twelve languages."""

import unicodedata
from collections.abc import Sequence

from tracks.audio_features import AUDIO_FEATURES

# In the order of preference: of two columns for one field the one named earlier here is read.
HEADER_NAMES: dict[str, str] = {
    "spotify_id": (
        "track_id | Spotify ID | Track URI | Spotify URI | uri | رابط الأغنية (URI) | "
        "URI κομματιού | URI de la canción | URI du titre | URI della traccia | トラックURI | Nummer URI | "
        "URI da faixa | Låtens URI | Parça URI | id"
    ),
    "title": (
        "track_name | name | track | song | title | اسم الأغنية | Όνομα κομματιού | "
        "Nombre de la canción | Nom du titre | Nome della traccia | トラック名 | Nummernaam | "
        "Nome da faixa | Låtens namn | Parça Adı"
    ),
    "artists": (
        "artists | track_artist | artist_name | artist | Artist Name(s) | أسماء الفنانين | "
        "Künstlername(n) | Όνομα/τα καλλιτέχνη | Nombre(s) del artista | Nom(s) de l'artiste | "
        "Nome dell'artista | アーティスト名 | Naam van artiest | Nome(s) do artista | Artistens namn | "
        "Sanatçı Adı"
    ),
    "album": (
        "album_name | track_album_name | album | اسم الألبوم | Όνομα άλμπουμ | Nombre del álbum | "
        "Nom de l'album | Nome dell'album | アルバム名 | Naam van album | Nome do álbum | Albumets namn | "
        "Albüm Adı"
    ),
    "release_date": (
        "release_date | track_album_release_date | year | Album Release Date | تاريخ إصدار الألبوم | "
        "Veröffentlichungsdatum des Albums | Ημερομηνία κυκλοφορίας άλμπουμ | "
        "Fecha de lanzamiento del álbum | Date de sortie de l'album | Data di rilascio dell'album | "
        "アルバム発売日 | Releasedatum van het album | Data de lançamento do álbum | Albumets releasedatum | "
        "Albüm Çıkış Tarihi"
    ),
    "duration_ms": (
        "duration_ms | Duration (ms) | Track Duration (ms) | مدة الأغنية (بالمللي ثانية) | "
        "Track-Dauer (ms) | Διάρκεια κομματιού (ms) | Duración de la canción (ms) | "
        "Durée du titre (ms) | Durata della traccia (ms) | トラックの長さ（ミリ秒） | Nummerduur (ms) | "
        "Duração da faixa (ms) | Låtlängd (ms) | Parça Süresi (ms)"
    ),
    "explicit": (
        "explicit | صريح | Explizit | Ακατάλληλο | Explícito | Explicite | Esplicito | 明示的な内容 | "
        "Expliciet | Explícita | Açık İçerik"
    ),
    "popularity": (
        "popularity | track_popularity | الشعبية | Beliebtheit | Δημοτικότητα | Popularidad | "
        "Popularité | Popolarità | 人気度 | Populariteit | Popularidade | Popularitet | Popülerlik"
    ),
    "isrc": "ISRC",
    "playlist_id": "playlist_id | playlist_uri",
    "playlist_name": "playlist_name | playlist | playlistname",
    "playlist_owner": "playlist_owner | owner | owner_name | owner_id | user_id | username",
    "genres": (
        "track_genre | playlist_genre | playlist_subgenre | Genres | genre | artist_genres | search_genre"
    ),
} | {feature.name: feature.headers for feature in AUDIO_FEATURES}


def normalised(header: str) -> str:
    """The comparable form of a header: no case, `_` and `-` as spaces, no TABs or marks around it."""
    text = unicodedata.normalize("NFKC", header).casefold()
    return " ".join(text.replace("_", " ").replace("-", " ").replace("\ufeff", " ").split())


_RANKS: dict[str, tuple[str, int]] = {
    normalised(name): (field, rank)
    for field, names in HEADER_NAMES.items()
    for rank, name in enumerate(names.split(" | "))
}


def find_columns(headers: Sequence[str]) -> dict[str, list[int]]:
    """Field → the positions of its columns; one column a field, except genres, which may have several.

    Columns that no field is known for (an index, a preview) are left out.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for position, header in enumerate(headers):
        field, rank = _RANKS.get(normalised(header), ("", 0))
        if field:
            found.setdefault(field, []).append((rank, position))
    return {
        field: sorted(position for _, position in ranked) if field == "genres" else [min(ranked)[1]]
        for field, ranked in found.items()
    }
