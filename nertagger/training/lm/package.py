def save_language_model(*a): return a[0].model
