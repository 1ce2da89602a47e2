"""JSON without what the module json imports."""


class ScannerSettings:
    """What json.JSONDecoder hands to the interpreter's own scanner."""

    strict, object_hook, object_pairs_hook, parse_float, parse_int, memo = True, None, None, float, int, {}

    @staticmethod
    def parse_constant(name):
        raise ValueError("not JSON: " + name)


try:
    # What json itself is made of, without the regular expressions that it imports: half of the start-up time.
    from _json import encode_basestring_ascii, make_scanner

    scan = make_scanner(ScannerSettings)

    def parse_json(data):
        try:
            return scan(data.decode(), 0)[0]
        except StopIteration:
            raise ValueError("not JSON") from None

    def write_json(value):
        if isinstance(value, str):
            return encode_basestring_ascii(value)
        if isinstance(value, dict):
            return "{%s}" % ",".join("%s:%s" % (encode_basestring_ascii(key), write_json(item)) for key, item in value.items())
        if isinstance(value, list):
            return "[%s]" % ",".join(map(write_json, value))
        return {None: "null", True: "true", False: "false"}[value] if value is None or isinstance(value, bool) else repr(value)
except ImportError:  # an interpreter without them
    from json import dumps as write_json, loads as parse_json
