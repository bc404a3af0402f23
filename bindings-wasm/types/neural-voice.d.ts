/**
 * The neural voice of the sandbox. Importing this once is enough; from then on `voice: "neural"`
 * speaks with it, in pages, workers and Node:
 *
 * ```js
 * import "media-factory/neural-voice";
 * ```
 *
 * The import says where the voice's files are and loads none. They are fetched with the first job
 * that asks for the voice: a model of 7.9 MB and its engine. A download that fails ends that job
 * with the code `connection`; the next one tries again.
 *
 * @packageDocumentation
 */

export {};
