"""The dashboard: reports and experiments in the browser. It draws; it computes nothing.

    app        the application: languages, security headers, the one callback that shows a page
    server     serving it: gunicorn, on Windows waitress
    security   who may ask, and what a page may load
    answers    reports, asked once per version of the data
    sittings   the store kept open between questions
    view       what is looked at: the address and its filters
    page       what a page is; `pages` is their registry
    shell      what stands around every page: navigation, header, filter bar, states
    parts      cards, tables, charts, help: what pages are made of
    figures    plotly figures
    formats    short numbers, days and periods for the eye
    flat       what never changes by itself, sent as one component
    controls   form controls of the browser as Dash components
    downloads  what a page shows, as CSV or XLSX
    pages/     one file per question

Every view is a function of its address: filters, sorting and paging are in it, so a reload, the
back button and a shared link show the same. Server state is the store and nothing else.
"""
