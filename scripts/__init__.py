"""Run it: one file per command of ``bereik``; parsing and printing, nothing else.

Every module here whose name does not begin with ``_`` is a command: it has an object ``command``
(a click command or group), and its file name is the command's name (``import_.py`` is
``bereik import``, ``x_y.py`` is ``bereik x-y``). Adding a file is all that adding a command takes.
"""

from scripts._shell import Context, main

__all__ = ["Context", "main"]
