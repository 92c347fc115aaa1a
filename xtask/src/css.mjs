// Bundles a style sheet with its imports, in the words of the browsers that are named. Reads
// { lightningcss, main, browsers } and writes { css } or { error: { file, line, column, message } }.
import { readFileSync } from "node:fs";

const { lightningcss, main, browsers } = JSON.parse(readFileSync(0, "utf8"));
const { bundle } = (await import(lightningcss)).default;
const targets = Object.fromEntries(Object.entries(browsers).map(([name, [major, minor]]) => [name, (major << 16) | (minor << 8)]));
let answer;
try {
  answer = { css: bundle({ filename: main, minify: true, targets }).code.toString() };
} catch ({ message, fileName, loc }) {
  answer = { error: { file: fileName, line: loc?.line, column: loc?.column, message } };
}
process.stdout.write(JSON.stringify(answer));
