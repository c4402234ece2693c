// Requests to the program that shows this page.

import { make, openDialog } from "./dom.js";

const TOKEN = "nertagger-token";

export class RequestError extends Error {
  constructor(status, body) {
    super(body.error || `the program answered ${status}`);
    this.status = status;
    this.body = body;
  }
}

async function send(method, path, { body, query } = {}) {
  const address = new URL(`/api/${path}`, location.origin);
  for (const [name, value] of Object.entries(query || {})) {
    for (const one of Array.isArray(value) ? value : [value]) address.searchParams.append(name, one);
  }
  const headers = {};
  const token = sessionStorage.getItem(TOKEN);
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(address, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new RequestError(0, { error: "the program does not answer; is it still running?" });
  }
  if (answer.status === 401) {
    await askForToken();
    return send(method, path, { body, query });
  }
  if (!answer.ok) {
    throw new RequestError(answer.status, await answer.json().catch(() => ({})));
  }
  return answer;
}

let asking = null;

// The token may also be the fragment of the address, which a browser sends to no server.
export function takeToken() {
  const given = /^#token=(.+)$/.exec(location.hash);
  if (given) {
    sessionStorage.setItem(TOKEN, decodeURIComponent(given[1]));
    history.replaceState(null, "", location.pathname + location.search);
  }
}

function askForToken() {
  asking ||= new Promise((resolve) => {
    const input = make("input", { type: "password", required: true, "aria-label": "Token" });
    const wasSent = sessionStorage.getItem(TOKEN) !== null;
    const form = make("form", { class: "row", method: "dialog" }, input, make("button", {}, "Continue"));
    const dialog = openDialog("This project asks for its token", () => [wasSent ? make("p", { role: "alert" }, "The token was not accepted.") : null, form].filter(Boolean));
    dialog.addEventListener("close", () => {
      sessionStorage.setItem(TOKEN, input.value);
      asking = null;
      resolve();
    }, { once: true });
  });
  return asking;
}

export async function get(path, query) {
  return (await send("GET", path, { query })).json();
}

export async function post(path, body) {
  return (await send("POST", path, { body })).json();
}

export async function put(path, body) {
  return (await send("PUT", path, { body })).json();
}

export async function remove(path, query) {
  return (await send("DELETE", path, { query })).json();
}

export async function download(path, query) {
  const answer = await send("GET", path, { query });
  const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") || "");
  const address = URL.createObjectURL(await answer.blob());
  make("a", { href: address, download: name ? name[1] : "download" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
