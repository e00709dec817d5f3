import { type Static, Type } from "@sinclair/typebox";
import { PackageFiles } from "./desired.js";

export const ApplyRequestProperties = {
  id: Type.String({ description: "The service's id." }),
  name: Type.String({ description: "For people." }),
  entry: Type.String({ description: "Path of the NSD among the files." }),
  files: PackageFiles,
  inputs: Type.Record(Type.String(), Type.Unknown(), { description: "The NSD's inputs." }),
};

/** A service and the package it is of, as somebody at a node asks for it: by REST, CLI or command. */
export const ApplyRequest = Type.Object(ApplyRequestProperties, { $id: "ApplyRequest" });
export type ApplyRequest = Static<typeof ApplyRequest>;
