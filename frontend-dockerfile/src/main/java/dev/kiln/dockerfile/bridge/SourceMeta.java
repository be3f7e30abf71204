package dev.kiln.dockerfile.bridge;

import com.google.protobuf.ByteString;
import dev.kiln.solver.pb.SourceOp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a source stands for. At most one of the parts is present, by the kind of source.
 *
 * @param source the op that was resolved, after source policy; its scheme may differ from what was
 *     asked for
 */
public record SourceMeta(
    SourceOp source, @Nullable Image image, @Nullable Git git, @Nullable Http http) {

  /**
   * An image.
   *
   * @param digest of what the reference points at; the digest of an index if it is one
   * @param config JSON bytes of the image config for the platform that was asked for
   */
  public record Image(String digest, ByteString config) {}

  /**
   * A commit.
   *
   * @param checksum of the ref, which is a tag object for annotated tags
   * @param ref full name
   * @param commitChecksum of the commit behind an annotated tag, or empty
   * @param commitObject raw commit object, or empty if it was not asked for
   */
  public record Git(String checksum, String ref, String commitChecksum, ByteString commitObject) {}

  /** A downloaded file. */
  public record Http(String checksum, String filename, @Nullable Instant lastModified) {}
}
