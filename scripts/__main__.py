"""``python -m scripts`` is ``bereik``, for a machine where the command is not on the path."""

from scripts import main

main()
