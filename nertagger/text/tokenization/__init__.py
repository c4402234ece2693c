"""Words and sentence ends of raw text, with exact character offsets."""
