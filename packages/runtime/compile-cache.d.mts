/** Where Node keeps what it has compiled, for `NODE_COMPILE_CACHE` of a process that is started. */
export declare const compileCache: string;
