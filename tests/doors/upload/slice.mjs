// Cuts the two paths of code scanning's upload out of GitHub's own OpenAPI description (npm @octokit/openapi, MIT licence, see
// code-scanning.LICENSE): 14 KB to keep here, against the 385 MB of the package.
//
//   npm install --prefix DIRECTORY @octokit/openapi@23.0.2
//   node slice.mjs DIRECTORY/node_modules/@octokit/openapi/generated/api.github.com.deref.json code-scanning.json
import { readFileSync, writeFileSync } from "node:fs";

const [from, to] = process.argv.slice(2);
const whole = JSON.parse(readFileSync(from, "utf8"));
const collection = "/repos/{owner}/{repo}/code-scanning/sarifs";
const paths = {};
for (const path of [collection, `${collection}/{sarif_id}`]) {
  if (!whole.paths[path]) throw new Error(`GitHub's description has no ${path} any more`);
  paths[path] = whole.paths[path];
}
const { title, version, license } = whole.info;
const slice = { openapi: whole.openapi, info: { title, version, license }, servers: [{ url: "/" }], paths };
writeFileSync(to, JSON.stringify(slice, null, 1) + "\n");
