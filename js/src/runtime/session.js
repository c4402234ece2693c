/** One graph of a model, ready to run: `nertagger/runtime/session.py`. */

import { ModelFileError } from "../errors.js";

/**
 * @typedef {import("onnxruntime-common")} Runtime onnxruntime-node or onnxruntime-web
 * @typedef {import("onnxruntime-common").InferenceSession} OrtSession
 * @typedef {import("../features/features.js").Input} Input
 */

// One thread: threads that share a batch wait for each other at each token.
const OPTIONS = /** @type {const} */ ({
  executionProviders: ["cpu"],
  intraOpNumThreads: 1,
  enableMemPattern: false,
  logSeverityLevel: 4,
});

export class Session {
  #runtime;
  #session;
  #name;

  /** @param {Runtime} runtime @param {OrtSession} session @param {string} name */
  constructor(runtime, session, name) {
    this.#runtime = runtime;
    this.#session = session;
    this.#name = name;
  }

  /**
   * Open a graph of a model.
   * @param {Runtime} runtime
   * @param {import("../modelfile/modelFile.js").ModelFile} model
   * @param {string} name the member of the file
   */
  static async open(runtime, { members }, name) {
    const content = /** @type {Uint8Array} */ (members.get(name));
    try {
      return new Session(runtime, await runtime.InferenceSession.create(content.slice(), OPTIONS), name);
    } catch (error) {
      throw new ModelFileError(`${name} of the model file does not run: ${firstLine(error)}`);
    }
  }

  /** The names of the inputs. */
  get inputs() {
    return this.#session.inputNames;
  }

  /**
   * Return the first output of the graph.
   * @param {Record<string, Input>} inputs
   * @returns {Promise<Float32Array>}
   */
  async run(inputs) {
    const { Tensor } = this.#runtime;
    const feeds = this.inputs.map((name) => {
      const { data, shape } = inputs[name];
      return [name, data instanceof Int32Array ? new Tensor("int32", data, shape) : new Tensor("float32", data, shape)];
    });
    try {
      const outputs = await this.#session.run(Object.fromEntries(feeds));
      return /** @type {Float32Array} */ (outputs[this.#session.outputNames[0]].data);
    } catch (error) {
      throw new ModelFileError(`${this.#name} of the model file does not run: ${firstLine(error)}`);
    }
  }
}

/** @param {unknown} error */
const firstLine = (error) => String(error instanceof Error ? error.message : error).split("\n")[0];
