/** The package has no declarations for its builds. */
declare module "@journeyapps/wa-sqlite/dist/wa-sqlite.mjs" {
  /** Makes an instance of SQLite; rejects when the binary is none. */
  // biome-ignore lint/style/noDefaultExport: it is what the package exports
  export default function factory(options: { readonly wasmBinary: Uint8Array }): Promise<object>;
}
