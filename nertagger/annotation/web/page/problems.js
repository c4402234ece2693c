// What went wrong, in one line above the view.

import { find } from "./dom.js";

export function showProblem(error) {
  const line = find("problem");
  line.textContent = error.message;
  line.dataset.status = String(error.status ?? "");
  line.hidden = false;
  if (error.status === undefined) console.error(error);
}

export function hideProblem() {
  find("problem").hidden = true;
}

// Returns an action that shows what goes wrong in it.
export function guarded(action) {
  return async (...values) => {
    hideProblem();
    try {
      return await action(...values);
    } catch (error) {
      showProblem(error);
      return undefined;
    }
  };
}
