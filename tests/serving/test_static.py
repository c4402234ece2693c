"""The files of the page."""

from __future__ import annotations

import re


def test_the_page_loads_only_its_own_files(client):
    page = client.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    loaded = re.findall(r'(?:src|href)="([^"#]+)"', page.text)
    assert loaded
    for path in loaded:
        assert path.startswith("/static/")
        assert client.get(path).status_code == 200
    assert not re.search(r"<script(?![^>]*src=)|<style|style=|\son\w+=", page.text)  # the policy forbids them


def test_a_browser_that_has_the_file_is_told_so(client):
    first = client.get("/")
    again = client.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "no-cache"


def test_paths_out_of_the_folder_are_not_found(client):
    for path in ("/static/../application.py", "/static/%2e%2e/application.py", "/static/", "/static/no.js"):
        assert client.get(path).status_code == 404
