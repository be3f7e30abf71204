package dev.kiln.executor;

import dev.kiln.snapshotter.snapshot.Mount;
import java.io.IOException;
import java.util.List;

/** Something that can be mounted, such as a snapshot, a cache directory or a secret. */
@FunctionalInterface
public interface MountSource {
  /**
   * Makes the source ready for mounting.
   *
   * @param readonly whether it will only be read
   */
  Mounted open(boolean readonly) throws IOException;

  /** A source of fixed mounts that need no release. */
  static MountSource of(List<Mount> mounts) {
    return readonly -> new Mounted(mounts, () -> {});
  }

  /**
   * Mounts to apply in order at one place.
   *
   * @param release lets go of the source; called once, after everything has been unmounted
   */
  record Mounted(List<Mount> mounts, Release release) {
    public Mounted {
      mounts = List.copyOf(mounts);
    }
  }

  /** Lets go of a source. */
  @FunctionalInterface
  interface Release {
    void close() throws IOException;
  }
}
