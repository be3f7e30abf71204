package dev.kiln.dockerfile.llb;

import com.google.protobuf.ByteString;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.SourceInfo;

/**
 * A source file that operations are located in.
 *
 * @param filename as the user named it
 * @param language such as {@code Dockerfile}
 * @param data the whole file
 * @param definition LLB that yields the file
 */
public record SourceMap(String filename, String language, ByteString data, Definition definition) {

  /** The file as definitions and error details carry it. */
  public SourceInfo toWire() {
    return SourceInfo.newBuilder()
        .setFilename(filename)
        .setLanguage(language)
        .setData(data)
        .setDefinition(definition)
        .build();
  }
}
