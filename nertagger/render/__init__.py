"""Scores, reports, entities and activations as text, HTML, Markdown and figures."""
