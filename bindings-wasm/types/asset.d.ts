/**
 * The package with its WebAssembly as a file of its own.
 *
 * @packageDocumentation
 */

export * from "./index.js";

/**
 * Fetches and starts the module; must have resolved before anything else is used.
 *
 * @param source - Where the module is, or the module itself. Default: the file beside the package's
 * JavaScript.
 */
export declare function init(
  source?:
    | string
    | URL
    | Request
    | Response
    | BufferSource
    | WebAssembly.Module
    | Promise<Response | BufferSource | WebAssembly.Module>,
): Promise<void>;
