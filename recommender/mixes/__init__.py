"""Lists from several tracks: mixes, paths, their links and exports."""
