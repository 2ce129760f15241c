// What GitHub's uploader does before it sends a SARIF file: check it against the schema, and forgive URIs that are none
// (github/codeql-action, src/upload-lib.ts, validateSarifFileSchema). Usage: node validate.mjs SCHEMA FILE
// Prints each error on a line; exit code 1 when there is one.
import {readFileSync} from 'node:fs';
import jsonschema from 'jsonschema';

const [schema, sarif] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const isUriFormat = (error) => error.name === 'format' && ['uri', 'uri-reference'].includes(error.argument);
const errors = new jsonschema.Validator().validate(sarif, schema).errors.filter((error) => !isUriFormat(error));
for (const error of errors) console.log(error.stack);
process.exitCode = errors.length ? 1 : 0;
