"""The audio features of a track, as Spotify defines them: names, ranges, units and words.

What this table does not say of a feature, `tests/tracks/test_audio_features.py` looks for elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PER_CENT = _("%(number)s %%")


@dataclass(frozen=True)
class AudioFeature:
    """One column of the feature matrix.

    `accepted` bounds what an import takes, both ends included. A feature whose `values` have names is
    no amount; the others are `continuous`: distances are measured in them, and every track must have them.
    `unit`, `in_words` and `decimals` are how an amount is written, `bar` is what its bar spans; without a
    unit it is a share, written in per cent. `place` counts in reading order. `headers` are the names of
    its column in files.
    """

    name: str
    label: Promise
    place: int
    headers: str
    hint: Promise | str = ""
    accepted: tuple[float, float] = (0, 1)
    unit: str = ""
    in_words: Promise = PER_CENT
    decimals: int = 0
    bar: tuple[float, float] = (0, 1)
    values: Mapping[int, Promise | str] = field(default_factory=dict)

    @property
    def low(self) -> float:
        return self.accepted[0]

    @property
    def high(self) -> float:
        return self.accepted[1]

    @property
    def continuous(self) -> bool:
        return not self.values

    @property
    def is_share(self) -> bool:
        return self.continuous and not self.unit


KEYS: tuple[Promise, ...] = (
    pgettext_lazy("musical key", "C"),
    pgettext_lazy("musical key", "C♯/D♭"),
    pgettext_lazy("musical key", "D"),
    pgettext_lazy("musical key", "D♯/E♭"),
    pgettext_lazy("musical key", "E"),
    pgettext_lazy("musical key", "F"),
    pgettext_lazy("musical key", "F♯/G♭"),
    pgettext_lazy("musical key", "G"),
    pgettext_lazy("musical key", "G♯/A♭"),
    pgettext_lazy("musical key", "A"),
    pgettext_lazy("musical key", "A♯/B♭"),
    pgettext_lazy("musical key", "B"),
)

AUDIO_FEATURES: tuple[AudioFeature, ...] = (
    AudioFeature(
        "danceability",
        _("Danceability"),
        place=1,
        hint=_("How steady and danceable the beat is"),
        headers=(
            "danceability | قابلية الرقص | Tanzbarkeit | Χορευτικότητα | Bailabilidad | Danseabilité | "
            "Ballabilità | ダンサビリティ | Dansbaarheid | Dançabilidade | Dansbarhet | Dans Edilebilirlik"
        ),
    ),
    AudioFeature(
        "energy",
        _("Energy"),
        place=2,
        hint=_("How loud, fast and busy it feels"),
        headers=(
            "energy | الطاقة | Energie | Ενέργεια | Energía | Énergie | Energia | エネルギー | Energi | "
            "Enerji"
        ),
    ),
    AudioFeature(
        "key",
        _("Key"),
        place=10,
        accepted=(-1, 11),
        values=dict(enumerate(KEYS)),
        headers=(
            "key | المفتاح | Tonart | Τονικότητα | Tonalidad | Tonalité | Chiave | キー | Toonsoort | "
            "Tonalidade | Ton"
        ),
    ),
    AudioFeature(
        "loudness",
        _("Loudness"),
        place=9,
        accepted=(-60, 10),
        hint=_("Mean loudness below full scale"),
        unit="dB",
        in_words=_("%(number)s dB"),
        decimals=1,
        bar=(-40, 0),
        headers=(
            "loudness | مستوى الصوت | Lautstärke | Ένταση | Volumen | Volume sonore | Volume | ラウドネス | "
            "Luidheid | Ljudstyrka | Ses Seviyesi"
        ),
    ),
    AudioFeature(
        "mode",
        _("Mode"),
        place=11,
        values={1: _("major"), 0: _("minor")},
        headers="mode | النمط | Modus | Τρόπος | Modo | Modalità | モード | Läge | Mod",
    ),
    AudioFeature(
        "speechiness",
        _("Spoken words"),
        place=6,
        hint=_("How much is spoken rather than sung"),
        headers=(
            "speechiness | محتوى الكلام | Sprachanteil | Ομιλητικότητα | Hablado | Parlabilité | "
            "Linguaggio parlato | スピーチ性 | Spraakzaamheid | Oralidade | Talighet | Konuşma Oranı"
        ),
    ),
    AudioFeature(
        "acousticness",
        _("Acousticness"),
        place=4,
        hint=_("How sure it is that no electronics play"),
        headers=(
            "acousticness | الطابع الصوتي | Akustik | Ακουστικότητα | Acústica | Acoustique | Acustica | "
            "アコースティック性 | Akoestiek | Akustiklik"
        ),
    ),
    AudioFeature(
        "instrumentalness",
        _("Instrumentalness"),
        place=5,
        hint=_("How sure it is that nobody sings"),
        headers=(
            "instrumentalness | الطابع الآلي | Instrumentalität | Οργανοκεντρικότητα | Instrumentalidad | "
            "Instrumental | Strumentalità | インストゥルメンタル性 | Instrumentaliteit | Instrumentalidade | "
            "Instrumentalhet | Enstrümantalite"
        ),
    ),
    AudioFeature(
        "liveness",
        _("Liveness"),
        place=7,
        hint=_("How sure it is that an audience was there"),
        headers=(
            "liveness | الحيوية | Lebendigkeit | Ζωντάνια | Vivacidad | Vivacité | Vivacità | ライブ感 | "
            "Levendigheid | Vivacidade | Livlighet | Canlılık"
        ),
    ),
    AudioFeature(
        "valence",
        _("Happiness"),
        place=3,
        hint=_("How happy it sounds; low is sad or angry (Spotify says valence)"),
        headers=(
            "valence | الإيجابية | Valenz | Θετικότητα | Valencia | Valenza | 感情値 | Valentie | Valência | "
            "Valens | Duygusallık"
        ),
    ),
    AudioFeature(
        "tempo",
        _("Tempo"),
        place=8,
        accepted=(0, 300),
        hint=_("Beats per minute"),
        unit="BPM",
        in_words=_("%(number)s BPM"),
        bar=(40, 220),
        headers="tempo | الإيقاع | Ρυθμός | テンポ",
    ),
    AudioFeature(
        "time_signature",
        _("Beats to the bar"),
        place=12,
        accepted=(0, 7),
        values={beats: str(beats) for beats in range(1, 8)},
        headers=(
            "time_signature | توقيع الزمن | Taktart | Μέτρο | Compás | Mesure | Battuta | 拍子 | "
            "Maatstreep | Compasso | Ölçü İşareti"
        ),
    ),
)

BY_NAME: Mapping[str, AudioFeature] = {feature.name: feature for feature in AUDIO_FEATURES}
FEATURE_NAMES: tuple[str, ...] = tuple(BY_NAME)
CONTINUOUS_FEATURES: tuple[str, ...] = tuple(f.name for f in AUDIO_FEATURES if f.continuous)
