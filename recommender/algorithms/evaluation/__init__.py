"""How good lists are, judged on held-out playlists. numpy only."""
