// What other entries of the package bring for the sandbox's workers: addresses of files, which a
// worker loads when a job first needs them.

/** As text, because that can be posted. */
export const extras = {};
