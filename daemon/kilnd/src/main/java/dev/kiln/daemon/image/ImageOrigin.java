package dev.kiln.daemon.image;

import dev.kiln.registry.reference.ImageReference;
import dev.kiln.registry.transfer.PulledImage;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.ref.BlobProvider;
import dev.kiln.solver.pb.Platform;
import dev.kiln.wire.gateway.AttestationChain;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where images come from. Safe for use by many threads. */
public interface ImageOrigin {
  /**
   * Finds the image of a platform; its layers stay where they are.
   *
   * @param reference with a tag or a digest
   * @param sessionIds the sessions of the builds that want it, asked for anew each time
   */
  PulledImage find(ImageReference reference, Platform platform, Supplier<List<String>> sessionIds)
      throws IOException;

  /**
   * What is said about an image beside it, and who signed that; null when it has no OCI index.
   *
   * @param predicates types of the statements to read as well
   */
  @Nullable AttestationChain attestations(
      PulledImage image, Set<String> predicates, Supplier<List<String>> sessionIds)
      throws IOException;

  /** Brings the layers of an image. */
  BlobProvider layers(ImageReference reference, Supplier<List<String>> sessionIds);

  /** A layer's descriptor with a note of where it is from, if there is use for one. */
  Descriptor noted(ImageReference reference, Descriptor layer);

  /** Whether images come from the client instead of a registry. */
  boolean isLocal();
}
