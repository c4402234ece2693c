/** Named-entity tagging with model files of nertagger, in Node and in browsers. */

import { defaultRuntime, readSource } from "./source.js";
import { Tagger } from "./tagger.js";

export { DataError, ModelFileError } from "./errors.js";

/**
 * Return the tagger in a model file.
 * @param {import("./source.js").Source} source the file `NAME.ner`: its bytes, a path (in Node) or a URL
 * @param {{ runtime?: import("./runtime/session.js").Runtime }} [options] the runtime of the graphs: the module
 *   onnxruntime-web or onnxruntime-node; in Node the latter if not given
 * @returns {Promise<Tagger>}
 */
export async function load(source, { runtime } = {}) {
  const [content, module] = await Promise.all([readSource(source), runtime ?? defaultRuntime()]);
  return Tagger.open(content, module);
}
