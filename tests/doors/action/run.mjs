// Executes a composite action.yml the way GitHub's runner does, with GitHub's own parser and expression evaluator.
//
//   node action.mjs SCENARIO.json RESULT.json
//
// The scenario: action (its directory), workspace, temp, inputs, github (the github context), uses (owner/repo[/path] → outcome
// and outputs of the steps that run somebody else's action: nothing outside this table is accepted). The result: conclusion,
// outputs, steps, commands (the workflow commands that the runner would have obeyed, in order), log, summary.
//
// Not covered: masking, timeouts, hashFiles, nested actions, working-directory, shells other than bash.
import { spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Evaluator, Lexer, Parser, data } from "@actions/expressions";
import { NoOperationTraceWriter } from "@actions/workflow-parser";
import { convertActionTemplate, parseAction } from "@actions/workflow-parser/actions/index";

const scenario = JSON.parse(readFileSync(process.argv[2], "utf8"));
const file = join(scenario.action, "action.yml");
const parsed = parseAction({ name: file, content: readFileSync(file, "utf8") }, new NoOperationTraceWriter());
const errors = parsed.context.errors.getErrors();
if (errors.length) throw new Error(errors.map((error) => error.message).join("\n"));
const action = convertActionTemplate(parsed.context, parsed.value);

const runner = { os: "Linux", arch: "X64", temp: scenario.temp, name: "harness", environment: "github-hosted" };
const github = { ...scenario.github, action_path: scenario.action, workspace: scenario.workspace };
const eventFile = join(scenario.temp, "event.json");
writeFileSync(eventFile, JSON.stringify(github.event ?? {}));
const inputs = {};
const steps = {};
const environment = {}; // what steps wrote to GITHUB_ENV
const path = []; // and to GITHUB_PATH
let failed = false;

function toData(value) {
  if (value === null || value === undefined) return new data.Null();
  if (typeof value === "boolean") return new data.BooleanData(value);
  if (typeof value === "number") return new data.NumberData(value);
  if (typeof value === "string") return new data.StringData(value);
  if (Array.isArray(value)) return new data.Array(...value.map(toData));
  return new data.Dictionary(...Object.entries(value).map(([key, item]) => ({ key, value: toData(item) })));
}

const status = (name, value) => ({ name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(value()) });
const functions = [
  status("always", () => true),
  status("cancelled", () => false),
  status("success", () => !failed),
  status("failure", () => failed),
];

function evaluate(expression) {
  const contexts = { github, inputs, runner, steps, env: environment };
  const tokens = new Lexer(expression).lex().tokens;
  const tree = new Parser(tokens, Object.keys(contexts), functions).parse();
  return new Evaluator(tree, toData(contexts), new Map(functions.map((item) => [item.name, item]))).evaluate();
}

function text(token) {
  if (token === undefined || token === null) return "";
  if (typeof token !== "object") return String(token);
  return token.expression === undefined ? String(token.value ?? "") : evaluate(token.expression).coerceString();
}

function truth(token) {
  if (typeof token === "boolean") return token;
  const value = text(token);
  if (value !== "true" && value !== "false" && value !== "") throw new Error(`not a boolean: ${value}`);
  return value === "true";
}

function mapping(token) {
  const result = {};
  for (let index = 0; index < (token?.count ?? 0); index++) {
    const pair = token.get(index);
    result[pair.key.value] = text(pair.value);
  }
  return result;
}

function wanted(step) {
  const expression = step.if?.expression ?? "success()";
  const asksForStatus = /\b(always|cancelled|failure|success)\s*\(/.test(expression);
  const value = evaluate(asksForStatus ? expression : `success() && (${expression})`);
  return !["false", "", "0"].includes(value.coerceString());
}

// The files that a step writes: `name=value`, or `name<<WORD` up to a line that is WORD.
function readSettings(name) {
  const result = {};
  const lines = readFileSync(name, "utf8").split(/\r?\n/);
  while (lines.length) {
    const line = lines.shift();
    if (line === "") continue;
    const equals = line.indexOf("=");
    const heredoc = line.indexOf("<<");
    if (heredoc >= 0 && (equals < 0 || heredoc < equals)) {
      const word = line.slice(heredoc + 2);
      const end = lines.indexOf(word);
      if (end < 0) throw new Error(`no closing ${word}`);
      result[line.slice(0, heredoc)] = lines.splice(0, end + 1).slice(0, -1).join("\n");
    } else if (equals > 0) {
      result[line.slice(0, equals)] = line.slice(equals + 1);
    } else {
      throw new Error(`neither name=value nor name<<WORD: ${line}`);
    }
  }
  return result;
}

const known = new Set(
  ("add-mask add-matcher add-path debug echo endgroup error group notice remove-matcher save-state set-env set-output " +
    "stop-commands warning").split(" "),
);

// Both syntaxes that the runner obeys: `::name properties::data` at the start of a line, `##[name properties]data` anywhere.
function parseCommand(line) {
  const head = /^\s*::(.+?)::(.*)$/s.exec(line) ?? /##\[([^\]]+)\](.*)$/s.exec(line);
  if (!head) return undefined;
  const [, words, value] = head;
  const space = words.indexOf(" ");
  return {
    name: space < 0 ? words : words.slice(0, space),
    properties: space < 0 ? "" : words.slice(space + 1),
    value,
  };
}

const commands = [];
function obey(log) {
  let stopped = "";
  for (const line of log.split("\n")) {
    const command = parseCommand(line.replace(/\r$/, ""));
    if (!command) continue;
    if (stopped) {
      if (command.name === stopped) stopped = "";
      continue;
    }
    if (!known.has(command.name)) continue;
    if (command.name === "stop-commands") stopped = command.value;
    commands.push(command);
  }
  if (stopped) throw new Error("a step left the runner deaf to commands");
}

let log = "";
let summary = "";
function runScript(step, number) {
  const place = (name) => {
    const full = join(scenario.temp, `${name}-${number}`);
    writeFileSync(full, "");
    return full;
  };
  const files = { ENV: place("env"), OUTPUT: place("output"), PATH: place("path"), STEP_SUMMARY: place("summary"), STATE: place("state") };
  const script = place("script");
  writeFileSync(script, text(step.run));
  const logFile = place("log");
  const handle = openSync(logFile, "w");
  const result = spawnSync("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", script], {
    cwd: scenario.workspace,
    stdio: ["ignore", handle, handle],
    env: {
      ...process.env,
      ...environment,
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_ACTION_PATH: scenario.action,
      GITHUB_WORKSPACE: scenario.workspace,
      GITHUB_EVENT_NAME: github.event_name,
      GITHUB_EVENT_PATH: eventFile,
      GITHUB_REF: github.ref,
      GITHUB_SHA: github.sha,
      GITHUB_REPOSITORY: github.repository,
      RUNNER_OS: runner.os,
      RUNNER_TEMP: runner.temp,
      ...Object.fromEntries(Object.entries(files).map(([name, value]) => [`GITHUB_${name}`, value])),
      ...mapping(step.env),
      PATH: [...path, process.env.PATH].join(":"),
    },
  });
  closeSync(handle);
  const said = readFileSync(logFile, "utf8");
  log += said;
  obey(said);
  summary += readFileSync(files.STEP_SUMMARY, "utf8");
  Object.assign(environment, readSettings(files.ENV));
  path.unshift(...readFileSync(files.PATH, "utf8").split("\n").filter(Boolean));
  return { outcome: result.status === 0 ? "success" : "failure", outputs: readSettings(files.OUTPUT), exit: result.status };
}

// The parser's steps leave `with` out; it is read from the document.
const documents = parsed.value.find("runs").find("steps");

function runAction(step, number) {
  const [name, version] = text(step.uses).split("@");
  const stand_in = scenario.uses[name];
  if (!stand_in) throw new Error(`the scenario does not know ${name}`);
  return { outcome: stand_in.outcome ?? "success", outputs: stand_in.outputs ?? {}, uses: name, version, with: mapping(documents.get(number).find("with")) };
}

for (const input of action.inputs) inputs[input.id] = text(input.default);
for (const [name, value] of Object.entries(scenario.inputs ?? {})) {
  if (!(name in inputs)) throw new Error(`action.yml has no input ${name}`);
  inputs[name] = value;
}

const record = [];
action.runs.steps.forEach((step, number) => {
  let done = { outcome: "skipped", outputs: {} };
  if (wanted(step)) done = step.run === undefined ? runAction(step, number) : runScript(step, number);
  done.conclusion = done.outcome === "failure" && truth(step["continue-on-error"] ?? false) ? "success" : done.outcome;
  if (done.conclusion === "failure") failed = true;
  steps[step.id] = { outcome: done.outcome, conclusion: done.conclusion, outputs: done.outputs };
  record.push({ id: step.id, name: text(step.name), ...done });
});

const outputs = Object.fromEntries(action.outputs.map((output) => [output.id, text(output.value)]));
const result = { conclusion: failed ? "failure" : "success", outputs, steps: record, commands, log, summary };
writeFileSync(process.argv[3], JSON.stringify(result, null, 1));
