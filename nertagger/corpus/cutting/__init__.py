"""Files of any size cut into parts of whole records, so that several processes can share one file."""
