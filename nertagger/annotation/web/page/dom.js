// Elements made by code: text is always text, never markup.

export function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "hue") node.style.setProperty("--hue", String(value));
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

export function makeSvg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

const LABEL_CHARACTERS = 24;

// Returns a label as it is shown beside a word; the whole one belongs into a title.
export function short(label) {
  return label.length > LABEL_CHARACTERS ? `${label.slice(0, LABEL_CHARACTERS - 1)}…` : label;
}

export function find(id) {
  return document.getElementById(id);
}

export function announce(text) {
  find("announcer").textContent = text;
}

export function button(text, action, properties = {}) {
  return make("button", { type: "button", onclick: action, ...properties }, text);
}

export function keyButton(text, key, action, properties = {}) {
  return button(text, action, { "aria-keyshortcuts": key, ...properties }, key).appendChild(make("kbd", { "aria-hidden": "true" }, key)).parentNode;
}

// Opens a dialog with a title; `fill` gets a function that closes it and returns its content.
export function openDialog(title, fill) {
  const dialog = find("dialog");
  const close = () => dialog.close();
  dialog.replaceChildren(
    make("h2", { id: "dialog-title" }, title),
    ...fill(close),
  );
  dialog.onclick = (event) => { if (event.target === dialog) close(); };
  dialog.showModal();
  dialog.scrollTop = 0; // the button that has the focus may be at its end
  return dialog;
}

export function number(value) {
  return value.toLocaleString("en-US");
}

export function counted(value, noun, plural = `${noun}s`) {
  return `${number(value)} ${value === 1 ? noun : plural}`;
}
