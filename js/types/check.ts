// Compiled only: the declarations fit the module.
import * as written from "../src/index.js";
import type * as declared from "./index.js";

type Options = Omit<declared.LoadOptions, "runtime"> & Pick<NonNullable<Parameters<typeof written.load>[1]>, "runtime">;

export const load: (source: Parameters<typeof declared.load>[0], options?: Options) => Promise<declared.Tagger> =
  written.load;
export const errors: [typeof declared.ModelFileError, typeof declared.DataError] = [
  written.ModelFileError,
  written.DataError,
];
