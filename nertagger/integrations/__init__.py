"""nertagger in other libraries: scikit-learn and pandas."""
