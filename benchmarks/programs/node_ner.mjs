// Tags texts with the JavaScript module and prints the seconds that it took, without loading:
//     node node_ner.mjs MODEL TEXTS.json onnxruntime-node|onnxruntime-web
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { load } from "../../js/src/index.js";

const [model, texts, name] = process.argv.slice(2);
const { resolve } = createRequire(new URL("../../js/package.json", import.meta.url));
const module = await import(pathToFileURL(resolve(name)));
const tagger = await load(model, { runtime: module.default ?? module });
const several = JSON.parse(await readFile(texts, "utf-8"));
const begun = performance.now();
const processor = process.cpuUsage();
let entities = 0;
for await (const document of tagger.pipe(several)) entities += document.entities.length;
const used = process.cpuUsage(processor);
const seconds = (performance.now() - begun) / 1000;
console.log(JSON.stringify({ seconds, processor: (used.user + used.system) / 1e6, entities }));
