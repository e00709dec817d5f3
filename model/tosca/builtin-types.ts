/**
 * The types that every descriptor can use: the parts of ETSI NFV SOL001 that LightMANO reads, and its own
 * profile, `lightmano_types.yaml`. They are TOSCA text and read by the code that reads a user's types.
 * docs/reference/lightmano_types.yaml is generated from here.
 */

/** ETSI GS NFV-SOL 001 v3.3.1 (§6 VNFD, §7 NSD; OsContainer from v4.2.1 §6.8.12), reduced to what is used. */
export const SOL001_TYPES = `tosca_definitions_version: tosca_simple_yaml_1_3
node_types:
  tosca.nodes.Root: {}
  tosca.nodes.nfv.VNF: # SOL001 §6.8.1
    derived_from: tosca.nodes.Root
    properties:
      descriptor_id: { type: string }
      descriptor_version: { type: string }
      provider: { type: string }
      product_name: { type: string }
      software_version: { type: string }
      product_info_name: { type: string, required: false }
      product_info_description: { type: string, required: false }
      vnfm_info: { type: list, required: false, entry_schema: { type: string } }
      localization_languages: { type: list, required: false, entry_schema: { type: string } }
      flavour_id: { type: string, default: default }
      flavour_description: { type: string, default: "" }
    requirements:
      - virtual_link: { capability: tosca.capabilities.nfv.VirtualLinkable }
  tosca.nodes.nfv.Vdu.Compute: # SOL001 §6.8.3
    derived_from: tosca.nodes.Root
    properties:
      name: { type: string }
      description: { type: string, default: "" }
  tosca.nodes.nfv.Vdu.OsContainer: # SOL001 §6.8.12
    derived_from: tosca.nodes.Root
    properties:
      name: { type: string }
      description: { type: string, default: "" }
      cpu_resource_limit: { type: integer, required: false, description: milli-CPUs, constraints: [{ greater_than: 0 }] }
      memory_resource_limit: { type: scalar-unit.size, required: false }
  tosca.nodes.nfv.Cp: # SOL001 §6.8.6
    derived_from: tosca.nodes.Root
    properties:
      layer_protocols:
        type: list
        entry_schema: { type: string, constraints: [{ valid_values: [ethernet, mpls, odu2, ipv4, ipv6, pseudo_wire] }] }
      role: { type: string, required: false, constraints: [{ valid_values: [root, leaf] }] }
      description: { type: string, required: false }
      trunk_mode: { type: boolean, required: false }
  tosca.nodes.nfv.VduCp: # SOL001 §6.8.7
    derived_from: tosca.nodes.nfv.Cp
    properties:
      order: { type: integer, required: false, constraints: [{ greater_or_equal: 0 }] }
    requirements:
      - virtual_binding: { capability: tosca.capabilities.nfv.VirtualBindable }
      - virtual_link: { capability: tosca.capabilities.nfv.VirtualLinkable }
  tosca.nodes.nfv.NS: # SOL001 §7.8.1
    derived_from: tosca.nodes.Root
    properties:
      descriptor_id: { type: string }
      designer: { type: string }
      version: { type: string }
      name: { type: string }
      invariant_id: { type: string }
      flavour_id: { type: string, default: default }
  tosca.nodes.nfv.Sap: # SOL001 §7.8.2
    derived_from: tosca.nodes.nfv.Cp
  tosca.nodes.nfv.NFP: # SOL001 §7.8.8
    derived_from: tosca.nodes.Root
artifact_types:
  tosca.artifacts.Root: {}
  tosca.artifacts.File: { derived_from: tosca.artifacts.Root }
  tosca.artifacts.nfv.SwImage: { derived_from: tosca.artifacts.Root }
group_types:
  tosca.groups.Root: {}
  tosca.groups.nfv.VNFFG: # SOL001 §7.10.2
    derived_from: tosca.groups.Root
    properties:
      description: { type: string }
policy_types:
  tosca.policies.Root: {}
  tosca.policies.nfv.NfpRule: # SOL001 §7.11.5
    derived_from: tosca.policies.Root
    properties:
      ether_destination_address: { type: string, required: false, constraints: [{ pattern: "[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}" }] }
      ether_source_address: { type: string, required: false, constraints: [{ pattern: "[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}" }] }
      ether_type: { type: string, required: false, constraints: [{ valid_values: [ipv4, ipv6, arp] }] }
      vlan_tag: { type: integer, required: false, constraints: [{ in_range: [1, 4094] }] }
      protocol: { type: string, required: false, constraints: [{ valid_values: [tcp, udp, icmp, sctp] }] }
      dscp: { type: integer, required: false, constraints: [{ in_range: [0, 63] }] }
      source_port_range: { type: range, required: false }
      destination_port_range: { type: range, required: false }
      source_ip_address_prefix: { type: string, required: false }
      destination_ip_address_prefix: { type: string, required: false }
`;

/** The LightMANO profile. */
export const LIGHTMANO_TYPES = `tosca_definitions_version: tosca_simple_yaml_1_3
description: >-
  LightMANO's profile of SOL001: light functions (Click), containers, and chains over a node's bridge.
node_types:
  lightmano.nodes.Lvnf:
    derived_from: tosca.nodes.nfv.Vdu.Compute
    description: A light virtual network function, one Click process. Its script is the artifact "script".
    properties:
      parameters:
        type: map
        required: false
        description: Values for the names that the script defines, passed as NAME=VALUE.
        entry_schema: { type: string }
      run_mode:
        type: string
        default: userlevel
        description: "userlevel: a process of its own. kernel: in Click's kernel module, where the node has it; one LVNF a node."
        constraints: [{ valid_values: [userlevel, kernel] }]
      handlers:
        type: list
        required: false
        description: The only handlers that are reachable from outside.
        entry_schema: { type: lightmano.datatypes.Handler }
  lightmano.nodes.Container:
    derived_from: tosca.nodes.nfv.Vdu.OsContainer
    description: A container of an unmodified image. It has the interfaces of its virtual ports and no other.
    properties:
      image: { type: string, description: "Docker image reference.", constraints: [{ min_length: 1 }] }
      command: { type: list, required: false, entry_schema: { type: string } }
      environment: { type: map, required: false, entry_schema: { type: string } }
      ready_ports:
        type: list
        required: false
        description: TCP ports that listen once the function is ready.
        entry_schema: { type: integer, constraints: [{ in_range: [1, 65535] }] }
  lightmano.nodes.VirtualPort:
    derived_from: tosca.nodes.nfv.VduCp
    description: A connection point on the node's bridge. "order" is the Click port or interface number.
    properties:
      mac_address: { type: string, required: false, constraints: [{ pattern: "[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}" }] }
      ip_address: { type: string, required: false, description: "Address in a container, as CIDR.", constraints: [{ pattern: "[0-9.]+/[0-9]+" }] }
      routes: { type: list, required: false, entry_schema: { type: lightmano.datatypes.Route } }
      redirects: { type: list, required: false, entry_schema: { type: lightmano.datatypes.Redirect } }
  lightmano.nodes.Nfp:
    derived_from: tosca.nodes.nfv.NFP
    description: >-
      A network forwarding path: what comes out of the first connection point and matches the rule that
      targets this path visits the others in order. Two consecutive points of one function are a passage
      through it. A point is a SAP's name, or FUNCTION.PORT.
    properties:
      path: { type: list, entry_schema: { type: string }, constraints: [{ min_length: 2 }] }
      bidirectional: { type: boolean, default: false, description: "Also the way back, with source and destination swapped in the match." }
data_types:
  lightmano.datatypes.Handler:
    properties:
      name: { type: string, constraints: [{ pattern: "[A-Za-z0-9][A-Za-z0-9._-]*" }] }
      handler: { type: string, description: "Click's name, ELEMENT.HANDLER.", constraints: [{ pattern: "[^ .]+[.][^ ]+" }] }
      access: { type: string, default: read, constraints: [{ valid_values: [read, write, both] }] }
      state: { type: boolean, default: false, description: "Saved while it runs, written back when it is started again. Needs access both." }
      period: { type: scalar-unit.time, default: 1 s, description: "How often state is saved; less often where it takes long." }
      changed: { type: string, required: false, description: "Click's name of a cheap handler that answers something else whenever the state changed: while it does not, state is not asked for.", constraints: [{ pattern: "[^ .]+[.][^ ]+" }] }
      events: { type: boolean, default: false, description: "Answers with numbered events, which the agent makes the node's. Needs access read or both." }
      metrics: { type: boolean, default: false, description: "Answers in Prometheus' text format, for the node's metrics. Needs access read or both." }
  lightmano.datatypes.Route:
    properties:
      to: { type: string, constraints: [{ pattern: "default|[0-9.]+/[0-9]+" }] }
      via: { type: string, constraints: [{ pattern: "[0-9]+([.][0-9]+){3}" }] }
  lightmano.datatypes.Redirect:
    description: TCP that arrives on this port for one port number is given to another, local one.
    properties:
      port: { type: integer, constraints: [{ in_range: [1, 65535] }] }
      to_port: { type: integer, constraints: [{ in_range: [1, 65535] }] }
artifact_types:
  lightmano.artifacts.ClickScript:
    derived_from: tosca.artifacts.File
    file_ext: [click]
policy_types:
  lightmano.policies.NfpRule:
    derived_from: tosca.policies.nfv.NfpRule
    description: SOL001's rule with a priority, for rules that overlap.
    properties:
      priority: { type: integer, default: 100, constraints: [{ in_range: [1, 1000] }] }
`;

/** File names under which a descriptor may import the built-in types. */
export const BUILTIN_IMPORTS: readonly string[] = [
  "lightmano_types.yaml",
  "etsi_nfv_sol001_common_types.yaml",
  "etsi_nfv_sol001_vnfd_types.yaml",
  "etsi_nfv_sol001_nsd_types.yaml",
];
