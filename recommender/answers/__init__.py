"""What a page or a program asks of a run: recommendations with their reasons, cards, cluster summaries."""
