// Requests to the service, with its token where it has one.

const KEY = "nertagger-token";

/** An answer that says what is wrong. */
export class Problem extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Keep a token for this tab. */
export function keepToken(token) {
  sessionStorage.setItem(KEY, token);
}

/** Keep the token that the address has after #token=, and remove it from there. */
export function takeToken() {
  const found = new URLSearchParams(location.hash.slice(1)).get("token");
  if (found) {
    keepToken(found);
    history.replaceState(null, "", location.pathname);
  }
}

async function ask(path, body, signal) {
  const token = sessionStorage.getItem(KEY);
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const options = body === undefined ? { headers, signal } : {
    method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body), signal,
  };
  let answer;
  try {
    answer = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, "The service cannot be reached.");
  }
  if (answer.ok) return answer;
  const { error } = await answer.json().catch(() => ({ error: `the service answered with ${answer.status}` }));
  throw new Problem(answer.status, error);
}

/** Return the models, the formats and the limits. */
export const serviceInfo = async () => (await ask("/v1/models")).json();

/** Return a text after tagging, with the ranges of its sentences. */
export async function tagText(text, model, signal) {
  const answer = await ask("/v1/tag", { text, model, sentences: true }, signal);
  return (await answer.json()).documents[0];
}

/** Return the most probable labellings of each sentence of a text. */
export async function labellingsOf(text, model, number) {
  const answer = await ask("/v1/tag", { text, model, n_best: number });
  return (await answer.json()).documents[0].sentences;
}

/** Return a document as a file in a format. */
export async function convert(document, format, model) {
  return (await ask("/v1/convert", { documents: [document], format, model })).blob();
}
