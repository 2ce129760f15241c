// What GitHub's uploader does to the files a SARIF log names, after the description of its recipe (github/codeql-action,
// src/fingerprints.ts): the file of every result whose first place has a start line is read as UTF-8 text, one code unit at a time;
// each line is named by a polynomial over the 100 code units from its start, blanks left out and line ends folded; a result that
// bears another name is warned of.
// Usage: node uploader.mjs SARIF ROOT   prints {"read": {file: bytes}, "named": number, "warnings": [text]}
//        node uploader.mjs --lines FILE prints the names of all its lines
import {createReadStream, existsSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';

const WINDOW = 100, BASE = 37n, END = 0xffff;
const LEAVING = BASE ** BigInt(WINDOW);

async function lineNames(file) {
  const window = new Array(WINDOW).fill(0), starting = new Array(WINDOW).fill(false);
  const names = [], seen = new Map();
  let value = 0n, at = 0, fresh = true, afterReturn = false;
  const told = () => {
    if (!starting[at]) return;
    starting[at] = false;
    const name = value.toString(16);
    seen.set(name, (seen.get(name) ?? 0) + 1);
    names.push(`${name}:${seen.get(name)}`);
  };
  const roll = (unit) => {
    value = BigInt.asUintN(64, BASE * value + BigInt(unit) - LEAVING * BigInt(window[at]));
    window[at] = unit;
    at = (at + 1) % WINDOW;
  };
  const take = (unit) => {
    const blank = unit === 0x20 || unit === 0x09 || (afterReturn && unit === 0x0a);
    afterReturn = !blank && unit === 0x0d;
    if (blank) return;
    if (afterReturn) unit = 0x0a;
    told();
    starting[at] = fresh;
    fresh = unit === 0x0a;
    roll(unit);
  };
  for await (const part of createReadStream(file, 'utf8')) {
    for (let index = 0; index < part.length; index++) take(part.charCodeAt(index));
  }
  take(END);
  for (let step = 0; step < WINDOW; step++) {
    told();
    roll(0);
  }
  return names;
}

async function upload(sarif, root) {
  const wanted = new Map();
  for (const run of sarif.runs) {
    for (const result of run.results) {
      const place = result.locations?.[0]?.physicalLocation;
      if (!place?.artifactLocation || place.region?.startLine === undefined) continue;
      let uri;
      try {
        uri = decodeURIComponent(place.artifactLocation.uri);
      } catch {
        continue;
      }
      const file = path.join(root, uri);
      if (uri.includes('://') || !existsSync(file) || statSync(file).isDirectory()) continue;
      wanted.set(file, [...(wanted.get(file) ?? []), [result, place.region.startLine]]);
    }
  }
  const report = {read: {}, named: 0, warnings: []};
  for (const [file, results] of wanted) {
    report.read[path.relative(root, file)] = statSync(file).size;
    const names = await lineNames(file);
    for (const [result, line] of results) {
      const own = result.partialFingerprints?.primaryLocationLineHash;
      if (own === names[line - 1]) report.named++;
      else report.warnings.push(`${path.relative(root, file)} line ${line}: ${names[line - 1]}, found ${own}`);
    }
  }
  return report;
}

const [first, second] = process.argv.slice(2);
const answer = first === '--lines' ? await lineNames(second) : await upload(JSON.parse(readFileSync(first, 'utf8')), second);
console.log(JSON.stringify(answer));
