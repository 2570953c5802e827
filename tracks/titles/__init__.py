"""Titles and credits: how names are folded, and which part of a title names the song."""
