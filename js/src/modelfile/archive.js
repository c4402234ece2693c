/** The zip of a model file: stored members, which are read without copies: `nertagger/modelfile/archive.py`. */

import { ModelFileError } from "../errors.js";

const ENTRY = { signature: 0x02014b50, size: 46 };
const LOCAL = { signature: 0x04034b50, size: 30 };
const END = { signature: 0x06054b50, size: 22 };
const MOST_MEMBERS = 32;
const DAMAGED = "the model file is damaged or cut short; fetch it again";

/**
 * Return the bytes of each member.
 * @param {Uint8Array} content
 * @returns {Map<string, Uint8Array>}
 */
export function readArchive(content) {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const end = content.length - END.size;
  if (content.length < 4 || view.getUint32(0, true) !== LOCAL.signature) {
    throw new ModelFileError(`got ${content.length} bytes that are no zip, expected a model file (NAME.ner)`);
  }
  if (end < 0 || view.getUint32(end, true) !== END.signature) throw new ModelFileError(DAMAGED);
  const count = view.getUint16(end + 10, true);
  if (count > MOST_MEMBERS) throw new ModelFileError(`the zip has ${count} members, expected those of a model`);
  const members = new Map();
  let at = view.getUint32(end + 16, true);
  for (let number = 0; number < count; number++) {
    if (at + ENTRY.size > end || view.getUint32(at, true) !== ENTRY.signature) throw new ModelFileError(DAMAGED);
    const lengths = [28, 30, 32].map((field) => view.getUint16(at + field, true)); // of name, extra field and comment
    const name = new TextDecoder().decode(content.subarray(at + ENTRY.size, at + ENTRY.size + lengths[0]));
    members.set(name, readMember(content, view, at, name));
    at += ENTRY.size + lengths[0] + lengths[1] + lengths[2];
  }
  return members;
}

/**
 * Return the bytes of the member whose entry in the directory is at an offset.
 * @param {Uint8Array} content
 * @param {DataView} view
 * @param {number} entry
 * @param {string} name
 */
function readMember(content, view, entry, name) {
  if (view.getUint16(entry + 10, true) !== 0) {
    throw new ModelFileError(`the member ${name} is compressed; nertagger stores members as they are`);
  }
  const size = view.getUint32(entry + 24, true);
  const local = view.getUint32(entry + 42, true);
  if (local + LOCAL.size > content.length || view.getUint32(local, true) !== LOCAL.signature) {
    throw new ModelFileError(DAMAGED);
  }
  const start = local + LOCAL.size + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + size > content.length) throw new ModelFileError(DAMAGED);
  return content.subarray(start, start + size);
}
