// Files as text: plain text in UTF-8, UTF-16 or Windows' encoding, and what a reader sees of HTML.

const BOMS = { "efbbbf": "utf-8", "fffe": "utf-16le", "feff": "utf-16be" };
const LINE_END = 10;
const BLOCKS = "address,article,aside,blockquote,br,dd,div,dt,figcaption,footer,h1,h2,h3,h4,h5,h6,header,hr,li,main,nav,p,pre,section,td,th,title,tr";

/** Return the text of a file, and notes on how it was read. */
export async function readText(file) {
  const bytes = new Uint8Array(await file.arrayBuffer().catch(() => {
    throw new Error(`${file.name}: cannot be read; expected a text file`);
  }));
  const isHtml = /\.x?html?$/i.test(file.name) || file.type === "text/html";
  const encoding = markedEncoding(bytes) ?? (isHtml ? declaredEncoding(bytes) : null);
  if (!encoding?.startsWith("utf-16") && isBinary(bytes)) throw new Error(`${file.name}: is not a text file`);
  const { content, note } = encoding ? { content: new TextDecoder(encoding).decode(bytes), note: [] } : decoded(bytes, file.name);
  return { content: isHtml ? shownText(content) : content, note };
}

function markedEncoding(bytes) {
  const start = [...bytes.subarray(0, 3)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return BOMS[start] ?? BOMS[start.slice(0, 4)] ?? null;
}

function declaredEncoding(bytes) {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 1024));
  const name = /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1];
  try {
    return name ? new TextDecoder(name).encoding : null;
  } catch { // an encoding that does not exist
    return null;
  }
}

function isBinary(bytes) {
  return bytes.includes(0) || new TextDecoder("latin1").decode(bytes.subarray(0, 5)) === "%PDF-";
}

// Lines that are not UTF-8 are read as Windows' encoding, as the commands do.
function decoded(bytes, name) {
  const strict = new TextDecoder("utf-8", { fatal: true });
  const lenient = new TextDecoder("windows-1252");
  const lines = [];
  let wrong = 0;
  for (let start = 0, end = 0; end >= 0; start = end + 1) {
    end = bytes.indexOf(LINE_END, start);
    const line = bytes.subarray(start, end < 0 ? bytes.length : end);
    try {
      lines.push(strict.decode(line));
    } catch {
      lines.push(lenient.decode(line));
      wrong += 1;
    }
  }
  const note = wrong ? [`${name}: ${wrong} ${wrong === 1 ? "line that is" : "lines that are"} not UTF-8 read as Windows-1252.`] : [];
  return { content: lines.join("\n"), note };
}

// The document is only parsed: nothing in it is run or loaded.
function shownText(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const hidden of parsed.querySelectorAll("script, style, noscript, template")) hidden.remove();
  const texts = parsed.createTreeWalker(parsed, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replace(/[ \t\r\n\f]+/g, " ");
  for (const block of parsed.querySelectorAll(BLOCKS)) {
    block.before("\n");
    block.after("\n");
  }
  return parsed.documentElement.textContent.replace(/ *\n */g, "\n").replace(/\n{3,}/g, "\n\n").trim();
}
