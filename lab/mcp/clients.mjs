// The TypeScript SDK's clients (1.x, and 2.x in both eras) and the inspector's command line, against
// one server: `node clients.mjs URL TOKEN SUBJECT`. Run where their packages are installed.
// The inspector is tried where it is installed: its lock file names a package of one system alone.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import * as modern from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const [url, token, subject] = process.argv.slice(2);
const authorization = `Bearer ${token}`;
const who = { name: "lab", version: "1" };
const sent = { requestInit: { headers: { authorization } } };

function must(holds, what) {
  if (!holds) throw new Error(what);
}

async function tryOut(client, transport) {
  await client.connect(transport);
  const { tools } = await client.listTools();
  must(tools.some((tool) => tool.name === "profile"), "no tool profile");
  const called = await client.callTool({ name: "profile", arguments: { subject } });
  must(!called.isError && called.content[0].text.includes("Reads about:"), "profile did not answer");
  const failed = await client.callTool({ name: "profile", arguments: { subject: "nobody@nowhere.example" } });
  must(failed.isError, "nobody was somebody");
  const { contents } = await client.readResource({ uri: "mos://guide/path" });
  must(contents[0].text.startsWith("# The path"), "the guide cannot be read");
  const { messages } = await client.getPrompt({ name: "explain_decision", arguments: { subject } });
  must(messages[0].content.text.includes(subject), "the prompt is not filled in");
  const ref = { type: "ref/resource", uri: "mos://schema/{noun}" };
  const { completion } = await client.complete({ ref, argument: { name: "noun", value: "dec" } });
  must(completion.values[0] === "decision", "no completion");
  await client.close();
  return `${tools.length} tools`;
}

function inspect(...more) {
  const command = [inspector, "--cli", url, "--transport", "http"];
  const bare = [...command, "--header", `authorization: ${authorization}`, ...more];
  return JSON.parse(execFileSync(process.execPath, bare, { encoding: "utf8", timeout: 60_000 }));
}

const inspector = "node_modules/.bin/mcp-inspector";
const pinned = { versionNegotiation: { mode: { pin: "2026-07-28" } } };
const open = (kind) => new kind(new URL(url), sent);
const trials = {
  "TypeScript 1.x, 2025-11-25": () => tryOut(new Client(who), open(StreamableHTTPClientTransport)),
  "TypeScript 2.x, 2025-11-25": () =>
    tryOut(new modern.Client(who), open(modern.StreamableHTTPClientTransport)),
  "TypeScript 2.x, 2026-07-28": () =>
    tryOut(new modern.Client(who, pinned), open(modern.StreamableHTTPClientTransport)),
  "inspector --cli": () => {
    const { tools } = inspect("--method", "tools/list");
    const asked = ["--method", "tools/call", "--tool-name", "profile", "--tool-arg", `subject=${subject}`];
    must(inspect(...asked).content[0].text.includes("Reads about:"), "profile did not answer");
    must(inspect("--method", "prompts/list").prompts.length > 0, "no prompts");
    must(inspect("--method", "resources/list").resources.length > 0, "no resources");
    return `${tools.length} tools`;
  },
};
if (!existsSync(inspector)) delete trials["inspector --cli"];
let failures = 0;
for (const [name, run] of Object.entries(trials)) {
  try {
    console.log(`${name}  ok, ${await run()}`);
  } catch (error) {
    failures += 1;
    console.log(`${name}  FAILED: ${error.message}`);
  }
}
process.exit(failures ? 1 : 0);
