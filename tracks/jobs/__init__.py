"""Long work: asked for at one door, performed at another, watched and cancelled from any.

A row of a table (`work.Work`) is the queue, the lock and the record; messages only wake workers.
"""
