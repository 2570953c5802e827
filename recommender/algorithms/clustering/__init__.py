"""The numbers of a refit: scaled features, labels, scores, names. scikit-learn is loaded here only."""
