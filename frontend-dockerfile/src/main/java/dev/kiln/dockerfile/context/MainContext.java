package dev.kiln.dockerfile.context;

import dev.kiln.dockerfile.llb.State;
import dev.kiln.solver.pb.SourceOp;
import org.jspecify.annotations.Nullable;

/**
 * Where the main context comes from.
 *
 * @param state its files; null if they are a directory of the client
 * @param dockerfile where the Dockerfile is read from; null for a directory of the client
 * @param contextLocal the client's name for the directory of the context
 * @param dockerfileLocal the client's name for the directory of the Dockerfile
 * @param filename path of the Dockerfile
 * @param source the remote source behind it, or null
 */
record MainContext(
    @Nullable State state,
    @Nullable State dockerfile,
    String contextLocal,
    String dockerfileLocal,
    String filename,
    @Nullable SourceOp source) {

  /** Name of the file that a download becomes. */
  static final String DOWNLOADED = "context";

  /** Name of the ignore file in the root of a context. */
  static final String IGNORE_FILE = ".dockerignore";
}
