/** The bytes of a model file from wherever it is, and the runtime of the graphs. */

import { DataError } from "./errors.js";

/**
 * @typedef {Uint8Array | ArrayBuffer | Blob | URL | string} Source bytes, or where they are; a string is a path in Node
 *   and a URL in a browser
 */

const URL_START = /^(?:https?|data|blob|file):/;
const NODE = globalThis.process?.versions?.node ? globalThis.process : null;

/**
 * Return the bytes of a source.
 * @param {Source} source
 * @returns {Promise<Uint8Array>}
 */
export async function readSource(source) {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  if (typeof source !== "string" && !(source instanceof URL)) {
    throw new DataError(`got a model of type ${typeof source}, expected bytes, a Blob, a path or a URL`);
  }
  const isFile =
    source instanceof URL ? source.protocol === "file:" : !URL_START.test(source) || source.startsWith("file:");
  return NODE && isFile ? readFile(source) : download(source);
}

/** @param {URL | string} path */
async function readFile(path) {
  const { readFile } = await importHidden("node:fs/promises");
  const place = typeof path === "string" && path.startsWith("file:") ? new URL(path) : path;
  try {
    return new Uint8Array(await readFile(place));
  } catch (error) {
    throw new DataError(`${path}: cannot be read (${error instanceof Error ? error.message : error})`);
  }
}

/** @param {URL | string} url */
async function download(url) {
  const response = await fetch(url);
  if (!response.ok) throw new DataError(`${url}: cannot be fetched (${response.status} ${response.statusText})`);
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * Return onnxruntime-node; a browser has no such package, so that a page gives its runtime itself.
 * @returns {Promise<import("./runtime/session.js").Runtime>}
 */
export async function defaultRuntime() {
  if (!NODE) {
    throw new DataError(
      'no runtime given; import * as ort from "onnxruntime-web/wasm" and load(model, { runtime: ort })',
    );
  }
  NODE.env.ORT_DISABLE_TELEMETRY ??= "1"; // ONNX Runtime sends usage data otherwise
  try {
    return await importHidden("onnxruntime-node");
  } catch (error) {
    throw new DataError(
      `onnxruntime-node cannot be imported (${error}); npm install onnxruntime-node, or load(model, { runtime })`,
    );
  }
}

/**
 * Import a module that only Node has; bundlers for browsers do not look for it.
 * @param {string} name
 */
const importHidden = (name) => import(/* webpackIgnore: true */ /* @vite-ignore */ name);
