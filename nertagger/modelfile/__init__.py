"""The model file: a zip of plain members that is checked before anything of it is used."""
