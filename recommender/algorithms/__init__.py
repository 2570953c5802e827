"""The pure numeric core: arrays in, arrays out. numpy, scipy, scikit-learn and the standard library only."""

import os

# OpenMP's threads spin at each barrier by default. Beside another busy process they spin away the very
# time slices they wait for: on two cores a fit of 1 s was measured at 14 s, two fits at minutes. Read
# by the library when it is loaded, so it is set before any module here imports scikit-learn.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
