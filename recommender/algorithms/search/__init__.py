"""The nearest rows, exactly and in order, under filters and the rules of a list. numpy only."""
