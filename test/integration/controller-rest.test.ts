import t from "tap";
import { content, controller, onboard } from "../support/controller.js";

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
  await told(400, "usage.invalid", "PUT", path, { entry: "a", files: { "a\nb": 5 } });
  await told(400, "usage.invalid", "PUT", path, { entry: "a", files: { "": "no name" } });
  await told(400, "usage.invalid", "GET", "/nsd/v1/ns_descriptors/%zz");
  await told(414, "usage.invalid", "GET", `/nsd/v1/ns_descriptors/${"x".repeat(200)}`);
  await told(400, "usage.invalid", "POST", "/nslcm/v1/ns_instances/none/instantiate", {
    siteId: "s1",
    nsFlavourId: "gold",
  });
  await told(400, "usage.invalid", "POST", "/nslcm/v1/ns_instances/none/instantiate", { siteId: "a/b" });
  await told(413, "usage.invalid", "PUT", path, { entry: "x", files: { x: "y".repeat(9 * 1024 * 1024) } });
});

t.test(
  "requests at once leave nothing half: one content a descriptor, no instance without one",
  async (t) => {
    const at = await controller(t);
    const { body } = await at.call("POST", "/nsd/v1/ns_descriptors", {});
    const path = `/nsd/v1/ns_descriptors/${body.id}/nsd_content`;
    const other = { ...content, files: { ...content.files, more: "x" } };
    const put = await Promise.all([content, other].map((each) => at.call("PUT", path, each)));
    t.same(put.map(({ status }) => status).sort(), [204, 409]);
    t.same((await at.call("GET", path)).body, put[0]?.status === 204 ? content : other);

    const nsdId = await onboard(at);
    const [removed, created] = await Promise.all([
      at.call("DELETE", `/nsd/v1/ns_descriptors/${nsdId}`),
      at.call("POST", "/nslcm/v1/ns_instances", { nsdId, nsName: "x" }),
    ]);
    t.ok(["204,404", "409,201"].includes(`${removed.status},${created.status}`));
  },
);

t.test("HEAD on the event stream does not wait for ever", async (t) => {
  const at = await controller(t);
  t.equal((await at.call("HEAD", "/api/v1/stream")).status, 404);
});
