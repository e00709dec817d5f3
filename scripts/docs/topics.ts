/** docs/reference/topics.md, from model/topics.ts and the schemas of its messages. */
import type { TSchema } from "@sinclair/typebox";
import { TOPICS, type TopicEntry } from "../../model/topics.js";
import { anchor, code, page, sentence, table } from "./markdown.js";
import { membersOf, namedWithin } from "./schema.js";

export function topicsPage(): string {
  const entries: readonly TopicEntry[] = Object.values(TOPICS);
  const messages = unique(entries.map(({ schema }) => schema));
  const shared = unique(messages.flatMap(namedWithin)).filter(
    ({ $id }) => !messages.some((m) => m.$id === $id),
  );
  return page(
    "model/topics.ts and model/messages/",
    "MQTT topics and messages",
    "MQTT 3.1.1. Payloads are JSON and are checked against these schemas at both ends; a message that does not fit is dropped and logged. Unknown members are allowed, so that a newer sender is understood.",
    table(
      ["Topic", "Who → whom", "QoS", "Retained", "Message", "Note"],
      entries.map(({ pattern, flow, qos, retained, schema, note }) => [
        code(pattern),
        flow,
        String(qos),
        retained ? "yes" : "no",
        `[${schema.$id}](${anchor(schema.$id ?? "")})`,
        note,
      ]),
    ),
    "## Messages",
    ...messages.map(section),
    "## Parts of messages",
    ...shared.map(section),
  );
}

function section(schema: TSchema): string {
  const rows = membersOf(schema).map(({ path, type, required, description }) => [
    code(path),
    type,
    required ? "" : "optional",
    description,
  ]);
  return [`### ${schema.$id}`, sentence(schema.description), table(["Member", "Type", " ", "Meaning"], rows)]
    .filter((part) => part !== "")
    .join("\n\n");
}

function unique(schemas: readonly TSchema[]): readonly TSchema[] {
  return [...new Map(schemas.map((schema) => [schema.$id, schema])).values()];
}
