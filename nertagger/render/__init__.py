"""HTML by jinja2 templates: text with marked entities, and the page that reports and other views extend.

This room knows plain values only, so that any other room can use it. jinja2 is imported when HTML is made.
"""
