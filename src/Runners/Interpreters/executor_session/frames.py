"""What the supervisor and the interpreter say, to each other and to whoever started them."""
import struct

HEAD = struct.Struct(">cI")
NUMBER = struct.Struct(">I")
EXECUTE = struct.Struct(">IQ")

TO_EXECUTE, TO_INTERRUPT, TO_END = b"x", b"i", b"k"
READY, OUTPUT, ERROR_OUTPUT, DONE, LOST = b"r", b"o", b"e", b"d", b"l"

FRAME_BYTES = 1 << 18  # of one read or write of frames
