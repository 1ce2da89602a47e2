import json
import unittest

from executor_session.errors import LARGEST_ERROR, describe, name_of
from executor_session.values import DEEPEST_JSON, LARGEST_JSON, answer_of, to_json


class ValuesTest(unittest.TestCase):
    def test_what_json_can_say_is_said(self):
        for value in (None, True, 0, -1.5, "ä\"\n", [], {}, [1, [2, {"a": None}]], {"x": [True]}, 10**40):
            self.assertEqual(value, json.loads(to_json(value)))
        self.assertEqual("[1,2]", to_json((1, 2)))

    def test_what_json_would_change_is_not_said(self):
        class Text(str):
            pass

        for value in (float("nan"), float("inf"), {1: 2}, {"a": object()}, b"x", Text("x"), "\ud800", {1}, 1j):
            self.assertIsNone(to_json(value), value)

    def test_what_is_deep_endless_or_large_is_not_said(self):
        deep = value = []
        for _ in range(DEEPEST_JSON - 1):
            value.append([])
            value = value[0]
        self.assertIsNotNone(to_json(deep))
        value.append([])
        self.assertIsNone(to_json(deep))
        endless = []
        endless.append(endless)
        self.assertIsNone(to_json(endless))
        self.assertIsNone(to_json("x" * (LARGEST_JSON + 1)))
        self.assertIsNone(to_json([0] * LARGEST_JSON))
        self.assertIsNotNone(to_json("x" * (LARGEST_JSON - 10)))

    def test_an_answer_is_json_even_of_text_that_is_none(self):
        answer = json.loads(answer_of("\ud800", "1", ("Error", "m\ud800", "t")))
        self.assertEqual({"text": "?", "value": 1, "error": {"type": "Error", "message": "m?", "traceback": "t"}}, answer)
        self.assertEqual({}, json.loads(answer_of()))


class ErrorsTest(unittest.TestCase):
    def test_an_error_has_the_name_that_its_user_knows(self):
        self.assertEqual(["ValueError", "json.decoder.JSONDecodeError"], [name_of(kind) for kind in (ValueError, json.JSONDecodeError)])

    def test_an_error_is_bounded_and_one_that_has_no_text_is_told_all_the_same(self):
        kind, message, trace = describe(ValueError("x" * (LARGEST_ERROR + 1)))
        self.assertEqual(("ValueError", LARGEST_ERROR), (kind, len(message)))
        self.assertLessEqual(len(trace), LARGEST_ERROR)

        class Silent(Exception):
            def __str__(self):
                raise RuntimeError

        self.assertEqual("<exception str() failed>", describe(Silent())[1])

    def test_a_traceback_shows_where_the_code_was(self):
        try:
            compile("1 +", "<cell>", "exec")
        except SyntaxError as error:
            self.assertIn("<cell>", describe(error)[2])
        try:
            {}["missing"]
        except KeyError as error:
            self.assertIn("test_a_traceback_shows_where_the_code_was", describe(error)[2])
