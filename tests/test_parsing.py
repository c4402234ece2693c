"""JSON and TOML from untrusted files, valid and malicious."""

from __future__ import annotations

import time

import pytest

from nertagger.config import Config
from nertagger.errors import ConfigError
from nertagger.parsing import load_json, load_toml


def test_valid_values_are_read():
    assert load_json(b'{"a": [1, -2.5, "x", null, true, {"b": "\\ud83d\\ude00"}]}') == {
        "a": [1, -2.5, "x", None, True, {"b": "😀"}]
    }
    assert load_json("18446744073709551615") == 2**64 - 1
    assert load_toml(
        '[a]\nb = ["x.y.z", "' + "." * 100 + '"] # ' + "." * 100 + '\nc = """\n' + "." * 100 + '"""\n'
    ) == {"a": {"b": ["x.y.z", "." * 100], "c": "." * 100}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, "nested too deeply"),
        ("[" * 100 + "]" * 100, "nested too deeply"),
        ('{"a":' * 50 + "1" + "}" * 50, "nested too deeply"),
        ("9" * 1_000_000, "more than 64 bits"),
        ("-" + "9" * 20, "more than 64 bits"),
        ("1e999", "not finite"),
        ("[NaN]", "not finite"),
        ('{"a": -Infinity}', "not finite"),
        ('{"a": 1, "b": 2, "a": 1}', "the key 'a' more than once"),
        ('["\\ud800"]', "half a surrogate pair"),
        ('{"\\udc00": 1}', "half a surrogate pair"),
        ("{", "line 1"),
        ("", "line 1"),
        (b"\xff", "utf-8"),
        ("[1] 2", "Extra data"),
    ],
)
def test_invalid_json_is_an_error_of_one_line(text, message):
    with pytest.raises(ValueError, match=message) as caught:
        load_json(text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = " + "[" * 10_000, "nested too deeply"),
        ("x = " + "[" * 100 + "]" * 100, "nested too deeply"),
        ("x = " + "{a = " * 5_000, "nested too deeply"),
        ("a" + ".a" * 100_000 + " = 1", "nested too deeply"),
        ('"a"' + " . 'a'" * 40 + " = 1", "nested too deeply"),
        ("[a" + ".a" * 20_000 + "]", "nested too deeply"),
        ("x = [{ a" + ".a" * 20_000 + " = 1 }]", "nested too deeply"),
        ('x = [ """\n\'""", { a' + ".a" * 20_000 + " = 1 }, ''' ''']", "nested too deeply"),
        ("x = " + "9" * 1_000_000, "more than 64 bits"),
        ("x = 0x" + "f" * 10_000, "more than 64 bits"),
        ("x = [1, 0b1" + "0" * 65 + "]", "more than 64 bits"),
        ("x = ", "Invalid value"),
        ("x = 1\nx = 2", "Cannot overwrite"),
    ],
)
def test_invalid_toml_is_an_error_of_one_line_in_bounded_time(text, message):
    began = time.process_time()
    with pytest.raises(ValueError, match=message) as caught:
        load_toml(text)
    assert time.process_time() - began < 2
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200
    with pytest.raises(ConfigError, match=r"^run\.toml: not valid TOML: ") as caught:
        Config.from_toml(text, source="run.toml")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", ["[" * 10_000, "9" * 10_000, "0x" + "f" * 10_000, "1979-05-27", "{a = 1}", "nan"])
def test_invalid_overrides_are_errors_of_one_line(value):
    with pytest.raises(ConfigError, match=r"--set network\.layers=.*expected a whole number") as caught:
        Config.from_toml("", [f"network.layers={value}"])
    assert "\n" not in str(caught.value)
