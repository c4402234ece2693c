"""File formats, one module each; the registry imports a module when its format is used."""
