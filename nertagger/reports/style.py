"""The unchanging parts of the report's page: its head with the style, and the script of the filters."""

from __future__ import annotations

HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>TITLE</title>
<style>
:root { color-scheme: light dark; --paper: #fdfdfb; --ink: #1d1f23; --quiet: #666c75; --rule: #e0e0da;
  --light: 91%; --line: 68%; --name: 30%; --chroma: 75%; --bad: #c62828; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #16181c; --ink: #e4e6ea; --quiet: #9aa0ab; --rule: #2c3037;
    --light: 23%; --line: 45%; --name: 78%; --chroma: 45%; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 0 0 .8rem; }
section { margin-top: 2rem; padding-top: 1.2rem; border-top: 1px solid var(--rule); }
.summary { font-size: 1.1rem; margin: 0 0 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0; color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .7rem; text-align: right; border-bottom: 1px solid var(--rule); white-space: nowrap; }
th:first-child { text-align: left; padding-left: 0; }
thead th { color: var(--quiet); font-weight: 600; font-size: .85rem; }
tbody th { font-weight: 500; }
figure { margin: 0 0 1rem; }
section > .wide + figure { margin: 1rem 0 0; }
figure svg { display: block; max-width: 100%; height: auto; }
.filters { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; color: var(--quiet); font-size: .9rem; }
select, input { font: inherit; padding: .35rem .5rem; max-width: 100%; border: 1px solid var(--rule);
  border-radius: .4rem; background: var(--paper); color: var(--ink); }
ol { list-style: none; margin: 1rem 0 0; padding: 0; }
li { padding: .7rem 0; border-bottom: 1px solid var(--rule); }
li[hidden] { display: none; }
li p { margin: .15rem 0; padding-left: 3.6rem; overflow-wrap: anywhere; unicode-bidi: plaintext; line-height: 1.9; }
li p > b { float: left; margin-left: -3.6rem; color: var(--quiet); font-size: .8rem; font-weight: 600; }
small { color: var(--quiet); overflow-wrap: anywhere; }
mark { padding: .1em .3em; border-radius: .35em; color: inherit; background: hsl(var(--hue) var(--chroma) var(--light));
  box-shadow: inset 0 0 0 1px hsl(var(--hue) var(--chroma) var(--line));
  -webkit-box-decoration-break: clone; box-decoration-break: clone; }
mark.wrong { box-shadow: inset 0 0 0 2px var(--bad); }
mark i { margin-left: .4em; font: 700 .68em/1 system-ui, sans-serif; color: hsl(var(--hue) var(--chroma) var(--name)); }
@media print { .filters { display: none; } section { break-inside: avoid-page; } }
</style>
</head>
<body>
<main>"""

SCRIPT = """
const rows = [...document.querySelectorAll("li")], field = name => document.getElementById(name);
const has = (row, name, value) => !value || row.dataset[name].split("|").includes(value);
function show() {
  const text = field("text").value.toLowerCase();
  for (const row of rows) {
    row.hidden = !(has(row, "kinds", field("kind").value) && has(row, "labels", field("label").value)
      && row.textContent.toLowerCase().includes(text));
  }
  field("count").textContent = rows.filter(row => !row.hidden).length + " sentences";
}
for (const name of ["kind", "label", "text"]) field(name).addEventListener("input", show);
document.querySelector("form").addEventListener("submit", event => event.preventDefault());
show();
"""
