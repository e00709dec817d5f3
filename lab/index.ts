/** The lab: an emulated site on one machine. See README.md. */
export type { Capture } from "./capture.js";
export { formatLabEvent, LAB_USAGE, type LabIo, runLabCommand } from "./cli.js";
export type { ExecOptions, ExecResult } from "./command.js";
export type { LabEvent, LabLog, LabPaths } from "./context.js";
export { describeLabError, LabError, type LabErrorCode, type LabErrorDetail } from "./errors.js";
export {
  type FetchedPage,
  type FetchFailure,
  type FetchOptions,
  type FetchResult,
  mustHaveFetched,
} from "./fetch.js";
export { type PdpContext, parsePdpContexts } from "./ggsn-console.js";
export {
  createLab,
  type Lab,
  type LabOptions,
  type LabProcess,
  type LabService,
  type SpawnOptions,
} from "./lab.js";
export type { UeAttachment } from "./mobile.js";
export type { OriginRequest } from "./origin-requests.js";
export { ORIGINS, type Origin } from "./origins.js";
export { formatStatus, type LabStatus } from "./status.js";
export {
  ADDRESSES,
  type LabAddresses,
  type Namespace,
  TUNNEL_MTU_BYTES,
  UES,
  type UeName,
} from "./topology.js";
export { waitUntil } from "./wait.js";
