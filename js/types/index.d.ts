/** Named-entity tagging with model files of nertagger, in Node and in browsers. */

export interface Entity {
  label: string;
  /** Where its first character is in the text. */
  start: number;
  /** Where its last character ends. */
  end: number;
  text: string;
  /** The probability that exactly these tokens are an entity of this label. */
  confidence: number;
}

export interface Document {
  text: string;
  entities: Entity[];
}

export interface Sentence {
  words: string[];
  /** The offset of each word in UTF-16 units. */
  starts: number[];
}

export interface TagOptions {
  /** Entities of lower confidence are left out; 0 if not given. */
  minConfidence?: number;
  /** What `start` and `end` count: UTF-16 units, as `slice` does (the default), or code points, as Python does. */
  offsets?: "utf-16" | "code-points";
}

/** A trained model that finds entities in text. */
export interface Tagger {
  /** The labels that entities can have. */
  readonly labels: readonly string[];
  /** Return a text with its entities, in order. */
  tag(text: string, options?: TagOptions): Promise<Document>;
  /** Yield each text with its entities, in order; a bounded number of texts is read ahead. */
  pipe(texts: Iterable<string> | AsyncIterable<string>, options?: TagOptions): AsyncGenerator<Document>;
  /** Return the IOB2 tags of sentences that are given as lists of words. */
  tagTokens(sentences: string[][]): Promise<string[][]>;
  /** Return the sentences of a text as they are tagged. */
  segment(text: string): Sentence[];
}

export interface LoadOptions {
  /** The module onnxruntime-web or onnxruntime-node; in Node the latter if not given. */
  runtime?: object;
}

/** Return the tagger in a model file: its bytes, a path (in Node) or a URL. */
export function load(source: Uint8Array | ArrayBuffer | Blob | URL | string, options?: LoadOptions): Promise<Tagger>;

/** A model file that cannot be used; the message says what is wrong with it, in one line. */
export class ModelFileError extends Error {}

/** An argument that cannot be used; the message says what was given, and what is expected. */
export class DataError extends Error {}
