package dev.kiln.daemon.source;

import dev.kiln.daemon.image.Images;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.solver.Operation;
import dev.kiln.solver.pb.Platform;
import dev.kiln.solver.pb.SourceOp;
import java.io.IOException;

/** Sources {@code docker-image://}. */
public final class ImageKind implements Sources.Kind {
  private final Images images;
  private final RefStore refs;

  public ImageKind(Images images, RefStore refs) {
    this.images = images;
    this.refs = refs;
  }

  @Override
  public Operation open(String rest, SourceOp source, Platform platform) throws IOException {
    String limit = source.getAttrsOrDefault("image.layerlimit", "");
    return new ImageSource(Images.parse(rest), limit, source, platform, images, refs);
  }
}
