package dev.kiln.snapshotter.fileop;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies files and directories from one root to another. Made with {@link #from}.
 *
 * @param source path within the source root
 * @param destination path within the destination root; a slash or {@code /.} at the end means a
 *     directory
 * @param owner of all that is made; null keeps the source's owners
 * @param mode permission bits of all files and directories; null keeps the source's
 * @param modeText a change of mode in chmod's symbolic form, which wins over {@code mode}
 * @param timestamp of all that is made; null keeps the source's times
 * @param followSymlink whether a symlink at the end of the source is followed
 * @param contentsOnly whether a directory's contents are copied into the destination, rather than
 *     the directory itself where the destination exists
 * @param unpackArchives whether a tar file, compressed or not, is unpacked to the destination
 * @param createDestination whether missing parents of the destination are made
 * @param allowWildcard whether the source is a pattern of Go's path match
 * @param allowEmptyWildcard whether a pattern may match nothing
 * @param includePatterns ignore patterns, relative to the source, of what is copied; empty for all
 * @param excludePatterns ignore patterns of what is left out
 * @param alwaysReplace whether what is in the way is removed even where the types differ
 */
public record CopyAction(
    String source,
    String destination,
    @Nullable Owner owner,
    @Nullable Integer mode,
    @Nullable String modeText,
    @Nullable Instant timestamp,
    boolean followSymlink,
    boolean contentsOnly,
    boolean unpackArchives,
    boolean createDestination,
    boolean allowWildcard,
    boolean allowEmptyWildcard,
    List<String> includePatterns,
    List<String> excludePatterns,
    boolean alwaysReplace) {

  /** Copies the lists. */
  public CopyAction {
    includePatterns = List.copyOf(includePatterns);
    excludePatterns = List.copyOf(excludePatterns);
  }

  /** Starts a plain copy that keeps everything. */
  public static Builder from(String source, String destination) {
    return new Builder(source, destination);
  }

  /** Collects the options of a copy; see the components of {@link CopyAction}. */
  public static final class Builder {
    private final String source;
    private final String destination;
    private @Nullable Owner owner;
    private @Nullable Integer mode;
    private @Nullable String modeText;
    private @Nullable Instant timestamp;
    private boolean followSymlink;
    private boolean contentsOnly;
    private boolean unpackArchives;
    private boolean createDestination;
    private boolean allowWildcard;
    private boolean allowEmptyWildcard;
    private List<String> includePatterns = List.of();
    private List<String> excludePatterns = List.of();
    private boolean alwaysReplace;

    private Builder(String source, String destination) {
      this.source = source;
      this.destination = destination;
    }

    public Builder owner(@Nullable Owner value) {
      owner = value;
      return this;
    }

    public Builder mode(@Nullable Integer value) {
      mode = value;
      return this;
    }

    public Builder modeText(@Nullable String value) {
      modeText = value;
      return this;
    }

    public Builder timestamp(@Nullable Instant value) {
      timestamp = value;
      return this;
    }

    public Builder followSymlink(boolean value) {
      followSymlink = value;
      return this;
    }

    public Builder contentsOnly(boolean value) {
      contentsOnly = value;
      return this;
    }

    public Builder unpackArchives(boolean value) {
      unpackArchives = value;
      return this;
    }

    public Builder createDestination(boolean value) {
      createDestination = value;
      return this;
    }

    public Builder allowWildcard(boolean value) {
      allowWildcard = value;
      return this;
    }

    public Builder allowEmptyWildcard(boolean value) {
      allowEmptyWildcard = value;
      return this;
    }

    public Builder includePatterns(List<String> value) {
      includePatterns = value;
      return this;
    }

    public Builder excludePatterns(List<String> value) {
      excludePatterns = value;
      return this;
    }

    public Builder alwaysReplace(boolean value) {
      alwaysReplace = value;
      return this;
    }

    public CopyAction build() {
      return new CopyAction(
          source,
          destination,
          owner,
          mode,
          modeText,
          timestamp,
          followSymlink,
          contentsOnly,
          unpackArchives,
          createDestination,
          allowWildcard,
          allowEmptyWildcard,
          includePatterns,
          excludePatterns,
          alwaysReplace);
    }
  }
}
