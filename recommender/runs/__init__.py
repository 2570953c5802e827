"""Making a clustering run: refit, describe, publish, compare, keep or remove."""
