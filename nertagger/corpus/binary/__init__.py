"""Binary containers, unpacked with bounds on the sizes that they declare."""
