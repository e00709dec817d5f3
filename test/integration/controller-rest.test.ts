import t from "tap";
import { content, controller } from "../support/controller.js";

t.test("what is wrong with a request is told as problem details", async (t) => {
  const at = await controller(t);
  const { body } = await at.call("POST", "/nsd/v1/ns_descriptors", {});
  const path = `/nsd/v1/ns_descriptors/${body.id}/nsd_content`;
  const told = async (status: number, code: string, ...request: [string, string, unknown?]) => {
    const answer = await at.call(...request);
    t.match(
      answer,
      {
        status,
        type: /^application\/problem\+json/,
        body: { status, code, type: `urn:lightmano:error:${code}` },
      },
      request.slice(0, 2).join(" "),
    );
    return answer.body;
  };
  const invalid = await told(422, "descriptor.invalid", "PUT", path, {
    entry: "ns.yaml",
    files: { "ns.yaml": "abc!" },
  });
  t.same(invalid.problems, [
    { code: "descriptor.invalid", detail: "unexpected !", place: { file: "ns.yaml", line: 1, column: 4 } },
  ]);
  await told(422, "descriptor.invalid", "PUT", path, { entry: "absent.yaml", files: {} });
  await told(400, "usage.invalid", "PUT", path, "{ this is no JSON");
  await told(400, "usage.invalid", "PUT", path, { entry: 5 });
  await told(404, "object.not-found", "PUT", "/nsd/v1/ns_descriptors/none/nsd_content", content);
  await told(404, "object.not-found", "GET", "/nslcm/v1/ns_instances/none");
  await told(404, "object.not-found", "GET", "/nslcm/v1/ns_lcm_op_occs/none");
  await told(404, "object.not-found", "POST", "/nslcm/v1/ns_instances", { nsdId: "none", nsName: "x" });
  await told(409, "object.conflict", "POST", "/nslcm/v1/ns_instances", { nsdId: body.id, nsName: "x" });
  await told(404, "object.not-found", "GET", "/nowhere");
  await told(404, "object.not-found", "GET", "/api/v1/nowhere");
  await told(404, "object.not-found", "GET", "/..%2fpackage.json");
  await told(400, "usage.invalid", "GET", "/api/v1/events?since=yesterday");
  await told(413, "usage.invalid", "PUT", path, { entry: "x", files: { x: "y".repeat(9 * 1024 * 1024) } });
});
