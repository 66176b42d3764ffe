"""What runs by itself: collection, watched folders, and what keeps the store fit.

work        the jobs, one pass of them
record      what ran and when, in the store
entries     what a scheduler of the system is given
installing  giving it, and taking it away
loop        the same in the foreground
"""
