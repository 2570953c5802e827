"""The catalogue as arrays, and what the blend and the clusters are made of. Workers and commands only."""
