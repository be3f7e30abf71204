package dev.kiln.dockerfile.context;

import com.google.protobuf.ByteString;
import dev.kiln.dockerfile.llb.SourceMap;

/**
 * A Dockerfile as it was read.
 *
 * @param map the file for error details and for the locations of operations
 * @param vertexDigest the vertex that read it, which shows warnings
 */
public record DockerfileText(SourceMap map, String vertexDigest) {

  public ByteString data() {
    return map.data();
  }
}
