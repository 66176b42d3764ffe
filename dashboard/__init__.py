"""Look at it: the pages in the browser."""
