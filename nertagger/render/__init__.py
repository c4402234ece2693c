"""HTML by jinja2 templates: text with marked entities, and the page that reports and other views extend.

This package takes plain values only, so that any other package can use it. jinja2 is imported when HTML is made.
"""
