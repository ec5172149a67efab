// Makes a typed client out of the published schema, as graphql-codegen's command line does.
import { readFile, writeFile } from "node:fs/promises";
import { codegen } from "@graphql-codegen/core";
import * as documents from "@graphql-codegen/typed-document-node";
import * as operations from "@graphql-codegen/typescript-operations";
import { buildSchema, parse, printSchema } from "graphql";

const [schemaPath, documentsPath, outPath] = process.argv.slice(2);
const schema = buildSchema(await readFile(schemaPath, "utf8"));
const config = {
  scalars: { Date: "string", DateTime: "string", JSON: "unknown" },
  strictScalars: true,
  useTypeImports: true,
  enumsAsTypes: true,
};
const made = await codegen({
  filename: outPath,
  schema: parse(printSchema(schema)),
  schemaAst: schema,
  documents: [{ location: documentsPath, document: parse(await readFile(documentsPath, "utf8")) }],
  config,
  pluginMap: { operations, documents },
  plugins: [{ operations: {} }, { documents: {} }],
});
await writeFile(outPath, made);
