/** A model file that cannot be used; the message says what is wrong with it, in one line. */
export class ModelFileError extends Error {
  name = "ModelFileError";
}

/** An argument that cannot be used; the message says what was given, and what is expected. */
export class DataError extends Error {
  name = "DataError";
}
