"""Label, train and correct in the browser: projects, the ranking of what to label next, and training beside it."""
