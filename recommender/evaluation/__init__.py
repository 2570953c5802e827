"""How good the recommendations are: measured on held-out playlists, beside baselines."""
