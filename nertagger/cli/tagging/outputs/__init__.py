"""What `nertagger tag` writes: the bytes of records, where they go, and how far they have come."""
