// Tags what standard input asks for, with one model or several; writes the results as JSON.
import { text } from "node:stream/consumers";
import { load } from "nertagger";

/** Return what a tagger finds in texts, and its tags of sentences. */
async function results(path, { texts = [], sentences = [], ...options }) {
  const tagger = await load(path);
  const documents = [];
  for await (const document of tagger.pipe(texts, options)) documents.push(document);
  return {
    segments: texts.map((one) => tagger.segment(one).map(({ words, starts }) => [words, starts])),
    documents,
    at_once: await Promise.all(texts.slice(0, 20).map((one) => tagger.tag(one, options))),
    tags: await tagger.tagTokens(sentences),
  };
}

const { models, ...request } = JSON.parse(await text(process.stdin));
const found = {};
for (const path of models) found[path] = await results(path, request).catch((error) => `${error.name}: ${error.message}`);
console.log(JSON.stringify(found));
