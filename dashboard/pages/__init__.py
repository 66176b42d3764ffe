"""The pages: each file answers one question. `dashboard.page` says what a page is."""
