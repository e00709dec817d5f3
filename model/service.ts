/**
 * A network service as the agent's domain sees it: what remains of the TOSCA templates once they are
 * checked and their inputs are put in. Values only; nothing in here refers back to YAML.
 */
import type { FunctionKind } from "./messages/node.js";

export interface InputDefinition {
  readonly type: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly required: boolean;
}

export interface NsDescriptor {
  /** SOL001 NS descriptor_id. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly designer: string;
  readonly inputs: Readonly<Record<string, InputDefinition>>;
  readonly saps: readonly Sap[];
  readonly functions: readonly FunctionDescriptor[];
  readonly chains: readonly Chain[];
}

/** A service access point: becomes a port of the node (agent.yaml `ports`) of that name. */
export interface Sap {
  readonly name: string;
}

export type FunctionDescriptor = LvnfDescriptor | ContainerDescriptor;

interface FunctionCommon {
  /** Node template name in the NSD: unique within the service. */
  readonly name: string;
  readonly kind: FunctionKind;
  /** SOL001 VNF descriptor_id and version: what the function is an instance of. */
  readonly descriptorId: string;
  readonly version: string;
  readonly ports: readonly ConnectionPoint[];
}

export interface LvnfDescriptor extends FunctionCommon {
  readonly kind: "lvnf";
  readonly script: { readonly file: string; readonly text: string };
  /** Values for the script's `define`d names, passed as NAME=VALUE. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly handlers: readonly HandlerDeclaration[];
  readonly runMode: RunMode;
}

/** userlevel: a process of its own. kernel: the router of Click's kernel module, of which a node has one. */
export type RunMode = "userlevel" | "kernel";

export interface HandlerDeclaration {
  /** Name that people use: `lightmano lvnf read FUNCTION NAME`. */
  readonly name: string;
  /** Click's name, `element.handler`. */
  readonly handler: string;
  readonly access: "read" | "write" | "both";
  /** Saved while it runs and written back after a restart. Needs access both. */
  readonly state: boolean;
  /** Of state: how often it is saved. */
  readonly periodMs: number;
  /** Of state: Click's name of a handler whose answer is another when the state is; null: there is none. */
  readonly changed: string | null;
  /** Answers with numbered events (docs/guide/writing-a-service.md), which become the node's. Needs access read or both. */
  readonly events: boolean;
  /** Answers in Prometheus' text format: part of the node's `/metrics`. Needs access read or both. */
  readonly metrics: boolean;
}

export interface ContainerDescriptor extends FunctionCommon {
  readonly kind: "container";
  readonly image: string;
  readonly command: readonly string[] | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryBytes: number | null;
  readonly cpus: number | null;
  readonly readyPorts: readonly number[];
}

export interface ConnectionPoint {
  readonly name: string;
  /** Click port number, or the order in which a container gets its interfaces; counts from 0. */
  readonly order: number;
  readonly macAddress: string | null;
  /** CIDR. Containers only. */
  readonly ipAddress: string | null;
  readonly routes: readonly { readonly to: string; readonly via: string }[];
  readonly redirects: readonly { readonly port: number; readonly toPort: number }[];
}

export type CpRef =
  | { readonly kind: "sap"; readonly sap: string }
  | { readonly kind: "function"; readonly function: string; readonly port: string };

/** One network forwarding path: an ordered list of hops over the node's bridge. */
export interface Chain {
  readonly name: string;
  readonly hops: readonly Hop[];
}

/** What comes out of `from` and matches goes into `to`. */
export interface Hop {
  readonly from: CpRef;
  readonly to: CpRef;
  readonly match: FlowMatch;
  readonly priority: number;
}

/** A portion of the flow-space, after SOL001 NfpRule. Absent members match everything. */
export interface FlowMatch {
  readonly etherSource?: string;
  readonly etherDestination?: string;
  readonly etherType?: "ipv4" | "ipv6" | "arp";
  readonly vlan?: number;
  readonly protocol?: "tcp" | "udp" | "icmp" | "sctp";
  readonly dscp?: number;
  readonly sourcePrefix?: string;
  readonly destinationPrefix?: string;
  readonly sourcePorts?: readonly [number, number];
  readonly destinationPorts?: readonly [number, number];
}

export const cpText = (ref: CpRef): string => (ref.kind === "sap" ? ref.sap : `${ref.function}.${ref.port}`);
