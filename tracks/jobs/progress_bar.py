"""The bar that commands show while long work goes on."""

from tqdm import tqdm

FORM = "{desc:<42} {percentage:3.0f}%|{bar:30}| {elapsed}"


class ProgressBar(tqdm):  # type: ignore[misc]
    """A bar of 100 percent on standard error, gone when it ends; nothing when not `shown`."""

    def __init__(self, *, shown: bool) -> None:
        super().__init__(total=100, bar_format=FORM, disable=not shown, leave=False)

    def show(self, text: str, percent: int) -> None:
        """What goes on now, and how much of the whole is behind us; it never goes back."""
        self.set_description_str(text, refresh=False)
        self.update(max(0, percent - self.n))
        self.refresh()
