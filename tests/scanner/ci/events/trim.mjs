// Makes the event files here from the payloads that GitHub's own tools are tested with (npm @octokit/webhooks-examples by the
// Octokit contributors, MIT licence): what Actions leaves at $GITHUB_EVENT_PATH is such a payload. Addresses and people are left
// out, and everything that has no bearing on where a commit stands.
//
//   npm install --prefix DIRECTORY @octokit/webhooks-examples@7.6.1
//   node trim.mjs DIRECTORY/node_modules/@octokit/webhooks-examples/api.github.com/index.json
import { readFileSync, writeFileSync } from "node:fs";

const kinds = JSON.parse(readFileSync(process.argv[2], "utf8"));
const dropped = /(^|_)(url|urls|links)$|^(node_id|sender|organization|user|owner|author|committer|pusher|assignee|assignees)$|_count$|_at$|^(has|allow|license|permissions|reactions|body|message|repo_permissions)/;
const trimmed = (value, depth = 0) => {
  if (Array.isArray(value)) return value.slice(0, 1).map((item) => trimmed(item, depth + 1));
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([key]) => !dropped.test(key));
  return Object.fromEntries(kept.map(([key, item]) => [key, trimmed(item, depth + 1)]));
};
function example(kind, suits) {
  const found = kinds.find((one) => one.name === kind).examples.find(suits);
  if (!found) throw new Error(`no such ${kind} among the examples`);
  return trimmed(found);
}
function write(name, event) {
  writeFileSync(new URL(`${name}.json`, import.meta.url), JSON.stringify(event, null, 1) + "\n");
}

write("push", example("push", (one) => one.ref.startsWith("refs/heads/") && !one.deleted));
write("push-tag", example("push", (one) => one.ref.startsWith("refs/tags/") && !one.deleted));
const pull = example("pull_request", (one) => one.action === "synchronize");
write("pull_request", pull);
// Among the examples there is no fork, nor one that was deleted since: these are edited.
pull.pull_request.head.repo = { ...pull.pull_request.head.repo, id: 1, full_name: "octocat/Hello-World", fork: true };
write("pull_request-fork", pull);
pull.pull_request.head.repo = null;
write("pull_request-deleted-fork", pull);
write("merge_group", example("merge_group", () => true));
write("workflow_run", example("workflow_run", (one) => one.action === "completed" && one.workflow_run.pull_requests.length === 0));
write("workflow_dispatch", example("workflow_dispatch", (one) => one.ref === "refs/heads/main"));
write("release", example("release", (one) => one.action === "published"));
write("issue_comment", example("issue_comment", (one) => one.action === "created"));
// No webhook tells of a schedule: the runner's own payload.
write("schedule", { schedule: "30 5 * * 1", workflow: ".github/workflows/models.yml", repository: pull.repository });
