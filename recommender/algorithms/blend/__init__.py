"""How near two tracks are: sound, genres, artists, familiarity and listeners. numpy only when served."""
