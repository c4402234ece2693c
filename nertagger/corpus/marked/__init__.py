"""Readers of text whose entities are marked in the text itself: by elements, by OpenNLP's tags, or by brackets."""
