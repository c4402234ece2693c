"""What `nertagger tag` does: files to tagged documents, in one process or several, resumed after an interruption."""
