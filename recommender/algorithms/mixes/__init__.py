"""One list from several seeds, and the way from one track to another. numpy only."""
