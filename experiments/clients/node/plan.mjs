// Requests a plan from a running wardcast service, for its newest dataset, and prints it.
//
//   node plan.mjs HOST:PORT AREA [HOURS_PER_MONTH]
//
// Nothing here is generated: the service's own .proto files are read at run time. Google's common ones, which they
// import, come from the npm package google-proto-files.

import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";

const here = path.dirname(fileURLToPath(import.meta.url));
const protos = process.env.WARDCAST_PROTOS ?? path.join(here, "..", "..", "..", "protos");
const googleProtos = path.dirname(createRequire(import.meta.url).resolve("google-proto-files/package.json"));

const WAIT_SECONDS = 5;
const CALL_SECONDS = 30;
const LARGEST_PLAN_BYTES = 64 * 1024 * 1024;

function loadApi() {
  const files = [
    "wardcast/v1/dataset_service.proto",
    "wardcast/v1/plan_service.proto",
    "wardcast/v1/operation.proto",
    "google/longrunning/operations.proto",
  ];
  const definition = protoLoader.loadSync(files, {
    includeDirs: [protos, googleProtos],
    keepCase: true,
    enums: String,
    longs: Number,
    defaults: true,
  });
  const { wardcast, google } = grpc.loadPackageDefinition(definition);
  return { ...wardcast.v1, Operations: google.longrunning.Operations };
}

function caller(Service, target) {
  const client = new Service(target, grpc.credentials.createInsecure(), {
    "grpc.max_receive_message_length": LARGEST_PLAN_BYTES,
  });
  return (method, request) =>
    new Promise((resolve, reject) => {
      const deadline = Date.now() + 1000 * CALL_SECONDS;
      client[method](request, { deadline }, (error, response) => (error ? reject(error) : resolve(response)));
    });
}

async function finished(call, api, operation) {
  let told = "";
  while (!operation.done) {
    operation = await call("WaitOperation", { name: operation.name, timeout: { seconds: WAIT_SECONDS } });
    const { progress, phrase } = api.OperationMetadata.deserialize(operation.metadata.value);
    const line = `${Math.round(100 * progress)} % ${phrase}`;
    if (line !== told) process.stderr.write(`${line}\n`);
    told = line;
  }
  if (operation.error) throw new Error(operation.error.message);
  return operation.response.value;
}

function table(plan) {
  const rows = plan.wards.map((ward) => [
    String(ward.rank),
    ward.ward_code,
    ward.ward_name,
    ward.hours.toFixed(1),
    `${(100 * ward.preventable_harm_share).toFixed(1)} %`,
  ]);
  const header = ["rank", "code", "ward", "hours", "share of preventable harm"];
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  return [header, ...rows].map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd());
}

async function main() {
  const [target, area, hours = "1200"] = process.argv.slice(2);
  if (!target || !area) throw new Error("usage: node plan.mjs HOST:PORT AREA [HOURS_PER_MONTH]");
  const api = loadApi();
  const parent = `areas/${area}`;

  const { datasets } = await caller(api.DatasetService, target)("ListDatasets", { parent, page_size: 1 });
  if (datasets.length === 0) throw new Error(`${parent} has no dataset yet: import one first`);

  const request = {
    title: "Plan requested from Node",
    resources: [{ name: "Ward officers", agency: "AGENCY_POLICE", hours_per_month: Number(hours) }],
  };
  const operation = await caller(api.PlanService, target)("CreatePlan", {
    parent,
    plan: { dataset: datasets[0].name, request },
  });
  const bytes = await finished(caller(api.Operations, target), api, operation);
  const plan = api.Plan.deserialize(bytes);

  console.log(`${plan.name}${plan.synthetic ? "  (synthetic data)" : ""}`);
  console.log(`${plan.title}: ${plan.area_name}, ${plan.months.join(", ")}`);
  for (const line of table(plan)) console.log(line);
  console.log(plan.verdict);
}

main().catch((error) => {
  process.stderr.write(`${error.details ?? error.message}\n`);
  process.exitCode = 1;
});
