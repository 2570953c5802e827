"""Toy data with a known answer."""

import numpy as np


def blobs(n_rows: int, centres, spread: float = 0.05, seed: int = 0):
    """`n_rows` rows around each centre, float32, with the number of the centre of each row."""
    rng = np.random.default_rng(seed)
    centres = np.asarray(centres, dtype=float)
    X = np.concatenate([rng.normal(centre, spread, (n_rows, len(centre))) for centre in centres])
    truth = np.repeat(np.arange(len(centres)), n_rows)
    order = rng.permutation(len(X))
    return X[order].astype(np.float32), truth[order]


def same_partition(a, b) -> bool:
    """Whether two labellings group the rows alike, whatever the labels are called."""
    pairs = set(zip(np.asarray(a).tolist(), np.asarray(b).tolist(), strict=True))
    return len(pairs) == len(set(np.asarray(a).tolist())) == len(set(np.asarray(b).tolist()))
