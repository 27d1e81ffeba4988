"""The explorer's server: a page, compiled programs, data and runs, for one browser on this machine.

It listens to the loopback interface only. What comes from the browser is numbers, names and rows: never Python, C, a
path or a URL. See docs/explorer.md, and docs/decisions/0016 for what is trusted and why.
"""
