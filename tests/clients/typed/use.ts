// Compiles only where the types made from the schema fit what the schema says; and runs where the compiler is done.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";
import { DeadlineDocument, TalksDocument } from "./client.js";

declare const process: { argv: string[] };

async function ask<Result, Variables>(document: TypedDocumentNode<Result, Variables>, variables: Variables) {
  const answer = await fetch(process.argv[2] ?? "", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json" },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const { data } = (await answer.json()) as { data: Result };
  return data;
}

const { deadline } = await ask(DeadlineDocument, { key: "us-decision-2025-04", asOf: "2025-04-20" });
const status: "DONE" | "DUE_SOON" | "IN_WINDOW" | string | null | undefined = deadline?.status;
const earliest: string | null | undefined = deadline?.due?.earliest;
const { talks } = await ask(TalksDocument, { filter: { status: { in: ["HELD"] } } });
const keys: string[] = talks.edges.map((edge) => edge.node.key);

// @ts-expect-error - there is no such field: a result of type `any` would let it pass.
deadline?.nothing;
// @ts-expect-error - there is no such status.
void ask(TalksDocument, { filter: { status: { in: ["NOTHING"] } } });

console.log(JSON.stringify({ status, earliest, keys }));
