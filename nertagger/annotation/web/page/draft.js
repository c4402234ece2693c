// A sentence being labelled: its entities, the selected tokens, and what can be undone. Knows nothing of the page.

export class Draft {
  constructor(sentence) {
    this.sentence = sentence;
    this.length = sentence.tokens.length;
    this.entities = startingEntities(sentence);
    this.anchor = this.head = 0;
    this.past = [];
    this.toNextProposal(-1);
  }

  get isTouched() {
    return this.past.length > 0;
  }

  // The selected tokens as a half-open range.
  get selection() {
    return [Math.min(this.anchor, this.head), Math.max(this.anchor, this.head) + 1];
  }

  get selectedText() {
    const [first, stop] = this.selection;
    return textOf(this.sentence, { first, stop });
  }

  get open() {
    return this.entities.filter((one) => one.state === "proposed");
  }

  get decided() {
    return this.entities.filter((one) => one.state === "decided");
  }

  entityAt(token) {
    return this.entities.find((one) => one.first <= token && token < one.stop);
  }

  // The entity that keys act upon: the one that the selection is in.
  get current() {
    const [first, stop] = this.selection;
    const found = this.entityAt(this.head);
    return found && found.first <= first && stop <= found.stop ? found : undefined;
  }

  move(step, { widen = false } = {}) {
    if (!widen && this.anchor !== this.head) {
      const [first, stop] = this.selection;
      this.select(step < 0 ? first : stop - 1);
      return;
    }
    this.head = clamp(this.head + step, 0, this.length - 1);
    if (!widen) this.anchor = this.head;
  }

  select(head, { anchor = head } = {}) {
    this.head = clamp(head, 0, this.length - 1);
    this.anchor = clamp(anchor, 0, this.length - 1);
  }

  toNextProposal(after) {
    const open = this.open;
    const next = open.find((one) => one.first > after) || open[0];
    if (next) this.select(next.first);
    return next;
  }

  label(label) {
    const [first, stop] = this.selection;
    const inside = first + 1 === stop ? this.entityAt(first) : undefined;
    const range = inside || { first, stop };
    this.change((entities) => [
      ...entities.filter((one) => !overlap(one, range)),
      { label, first: range.first, stop: range.stop, state: "decided" },
    ]);
  }

  accept(entity = this.current) {
    if (!entity || entity.state !== "proposed") return false;
    this.change((entities) => entities.map((one) => (one === entity ? { ...one, state: "decided" } : one)));
    this.toNextProposal(entity.first);
    return true;
  }

  acceptAll() {
    if (this.open.length) this.change((entities) => entities.map((one) => ({ ...one, state: "decided" })));
  }

  reject(entity = this.current) {
    if (!entity) return false;
    this.change((entities) => entities.filter((one) => one !== entity));
    this.toNextProposal(entity.first);
    return true;
  }

  clear() {
    if (this.entities.length) this.change(() => []);
  }

  // Moves an edge of an entity, up to the next entity at most; returns the entity as it is then.
  resize(entity, { first = entity.first, stop = entity.stop }) {
    const others = this.entities.filter((one) => one !== entity);
    const least = Math.max(0, ...others.filter((one) => one.stop <= entity.first).map((one) => one.stop));
    const most = Math.min(this.length, ...others.filter((one) => one.first >= entity.stop).map((one) => one.first));
    const wanted = {
      ...entity,
      state: "decided",
      first: clamp(first, least, entity.stop - 1),
      stop: clamp(stop, entity.first + 1, most),
    };
    if (wanted.first === entity.first && wanted.stop === entity.stop) return entity;
    this.change((entities) => entities.map((one) => (one === entity ? wanted : one)));
    return wanted;
  }

  undo() {
    const before = this.past.pop();
    if (!before) return false;
    this.entities = before;
    return true;
  }

  change(edit) {
    this.past.push(this.entities);
    this.entities = edit(this.entities).sort((one, other) => one.first - other.first);
  }
}

// An own answer is shown as decided; else the latest answer of somebody else, or the proposals, as proposed.
function startingEntities(sentence) {
  if (sentence.mine && sentence.mine.kind === "answer") {
    return sentence.mine.entities.map((one) => ({ ...one, state: "decided" }));
  }
  const other = (sentence.others || []).find((one) => one.kind === "answer");
  const source = other ? other.entities.map((one) => ({ ...one, origin: other.annotator })) : sentence.proposals;
  return source.map((one) => ({ ...one, state: "proposed" })).sort((one, two) => one.first - two.first);
}

export function textOf(sentence, { first, stop }) {
  return sentence.text.slice(
    codeUnits(sentence, sentence.tokens[first].start),
    codeUnits(sentence, sentence.tokens[stop - 1].end),
  );
}

// Offsets count characters; strings of JavaScript are indexed by UTF-16 units.
const units = new WeakMap();
export function codeUnits(sentence, offset) {
  if (!units.has(sentence)) {
    const starts = [0];
    for (const character of sentence.text) starts.push(starts[starts.length - 1] + character.length);
    units.set(sentence, starts);
  }
  return units.get(sentence)[offset];
}

function overlap(one, other) {
  return one.first < other.stop && other.first < one.stop;
}

function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}
