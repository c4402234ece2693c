/** A model file in memory: `nertagger/modelfile/reader.py` and `model_file.py`. */

import { ModelFileError } from "../errors.js";
import { readArchive } from "./archive.js";
import { readTensors } from "./tensors.js";

const FORMAT = 1; // the newest version of the file format that is read
const MEMBERS = ["vocabulary.json", "words.onnx", "network.onnx", "weights.safetensors"]; // those that are used

/**
 * @typedef {object} ModelFile
 * @property {Map<string, Uint8Array>} members
 * @property {Record<string, any>} vocabulary
 * @property {Map<string, import("./tensors.js").Tensor>} tensors
 */

/**
 * Return the model in the bytes of a file `NAME.ner`, after a check of the hash of each member.
 * @param {Uint8Array} content
 * @returns {Promise<ModelFile>}
 */
export async function readModel(content) {
  const members = readArchive(content);
  const manifest = readJson(members, "manifest.json");
  if (!(manifest.format >= 1) || typeof manifest.members !== "object") {
    throw new ModelFileError("manifest.json is damaged: expected a format and the hashes of members");
  }
  if (manifest.format > FORMAT) {
    throw new ModelFileError(`the model file has format ${manifest.format}, this module reads ${FORMAT}; upgrade it`);
  }
  const missing = MEMBERS.filter((name) => !members.has(name));
  if (missing.length) {
    throw new ModelFileError(
      `the model file lacks ${missing.join(", ")}, expected a tagger (nertagger train makes one)`,
    );
  }
  await checkHashes(members, manifest.members);
  const vocabulary = readJson(members, "vocabulary.json");
  const weights = /** @type {Uint8Array} */ (members.get("weights.safetensors"));
  return { members, vocabulary, tensors: readTensors(weights) };
}

/**
 * @param {Map<string, Uint8Array>} members
 * @param {string} name
 */
function readJson(members, name) {
  const content = members.get(name);
  if (!content) throw new ModelFileError(`the file is not a model file: a zip without ${name}`);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(content));
  } catch {
    throw new ModelFileError(`${name} of the model file is not JSON`);
  }
}

/**
 * Reject a file in which a member differs from what was written; browsers have no hashes on pages without HTTPS.
 * @param {Map<string, Uint8Array>} members
 * @param {Record<string, string>} hashes
 */
async function checkHashes(members, hashes) {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return;
  for (const [name, expected] of Object.entries(hashes)) {
    const digest = await subtle.digest("SHA-256", /** @type {BufferSource} */ (members.get(name) ?? new Uint8Array()));
    const found = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
    if (found !== expected)
      throw new ModelFileError(`${name} of the model file is damaged (its hash differs); fetch it again`);
  }
}
