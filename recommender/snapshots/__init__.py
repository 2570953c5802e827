"""The files of a run that answer questions: written once, memory-mapped, shared by all processes."""
