"""nertagger in other libraries: scikit-learn, pandas, polars, Hugging Face datasets and Spark."""
