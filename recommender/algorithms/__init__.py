"""The pure numeric core: arrays in, arrays out. numpy, scipy, scikit-learn and the standard library only."""
