// What GitHub's own parser says of a workflow: `node workflow.mjs FILE` prints {errors, jobs}.
import { readFileSync } from "node:fs";
import { NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow } from "@actions/workflow-parser";

const [file] = process.argv.slice(2);
const parsed = parseWorkflow({ name: file, content: readFileSync(file, "utf8") }, new NoOperationTraceWriter());
const template = parsed.value ? await convertWorkflowTemplate(parsed.context, parsed.value) : { jobs: [] };
const errors = parsed.context.errors.getErrors().map((error) => error.message);
const jobs = (template.jobs ?? []).map((job) => ({ id: job.id.value, steps: (job.steps ?? []).map((step) => step.uses?.value ?? "") }));
process.stdout.write(JSON.stringify({ errors, jobs }));
