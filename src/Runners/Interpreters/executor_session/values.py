"""What is said of values, as JSON."""

try:
    from _json import encode_basestring_ascii as quote
except ImportError:  # an interpreter without it
    from json.encoder import py_encode_basestring_ascii as quote

LARGEST_JSON = 1 << 20      # characters of a value as JSON
DEEPEST_JSON = 60


def text_json(text):
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode()
    return quote(text)


def answer_of(text=None, json=None, error=None):
    fields = []
    if text is not None:
        fields.append('"text":' + text_json(text))
    if json is not None:
        fields.append('"value":' + json)
    if error is not None:
        fields.append('"error":{"type":%s,"message":%s,"traceback":%s}' % tuple(map(text_json, error)))
    return "{%s}" % ",".join(fields)


class NotJson(Exception):
    """A value that JSON can't say, or not within its bounds."""


def to_json(value):
    """A value as JSON; None where that would say something else than the value, or would be too large."""
    pieces = []
    try:
        write_json(value, pieces, [LARGEST_JSON], 0)
    except (NotJson, RecursionError, UnicodeEncodeError, ValueError):
        return None
    return "".join(pieces)


def write_json(value, pieces, room, depth):
    kind = type(value)
    if kind is str:
        if len(value) > room[0]:
            raise NotJson
        value.encode()
        piece = quote(value)
    elif kind is bool:
        piece = "true" if value else "false"
    elif value is None:
        piece = "null"
    elif kind is int or kind is float and value - value == 0:
        piece = repr(value)
    elif kind is list or kind is tuple:
        if depth == DEEPEST_JSON:
            raise NotJson
        mark = "["
        for item in value:
            pieces.append(mark)
            write_json(item, pieces, room, depth + 1)
            mark = ","
        piece = "]" if value else "[]"
    elif kind is dict:
        if depth == DEEPEST_JSON:
            raise NotJson
        mark = "{"
        for key, item in value.items():
            if type(key) is not str:
                raise NotJson
            pieces.append(mark)
            write_json(key, pieces, room, depth)
            pieces.append(":")
            write_json(item, pieces, room, depth + 1)
            mark = ","
        piece = "}" if value else "{}"
    else:
        raise NotJson
    room[0] -= len(piece) + 1
    if room[0] < 0:
        raise NotJson
    pieces.append(piece)
