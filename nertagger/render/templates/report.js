const rows = [...document.querySelectorAll("li")], field = name => document.getElementById(name);
const has = (row, name, value) => !value || row.dataset[name].split("|").includes(value);
function show() {
  const text = field("text").value.toLowerCase();
  for (const row of rows) {
    row.hidden = !(has(row, "kinds", field("kind").value) && has(row, "labels", field("label").value)
      && row.textContent.toLowerCase().includes(text));
  }
  const shown = rows.filter(row => !row.hidden).length;
  field("count").textContent = shown + (shown === 1 ? " sentence" : " sentences");
}
for (const name of ["kind", "label", "text"]) field(name).addEventListener("input", show);
document.querySelector("form").addEventListener("submit", event => event.preventDefault());
show();
