"""From the bytes of a file to a table of text: encoding, delimiter, header, and the notes around it."""
