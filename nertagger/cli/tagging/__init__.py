"""The work of `nertagger tag`: files to tagged documents, in one process or several, resumed if interrupted."""
